import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCertificate } from '../../helpers/certificates.ts'
import { http2Client } from '../../helpers/http2-client.ts'
import { frame, frameType, preface } from '../../helpers/http2-frames.ts'
import { rawHttp2 } from '../../helpers/raw-http2.ts'
import { startServer } from '../../helpers/start-server.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'
import { asked, begun } from './cases.ts'

const start = Buffer.concat([preface, frame(frameType.settings, 0, 0)])
const [acknowledged, wrong] = [frame(frameType.settings, 1, 0), frame(frameType.ping, 0, 1, Buffer.alloc(8))]

/** How a client may spend its connection before it goes. */
const lives: readonly Buffer[] = [
  [acknowledged, asked()],
  [asked()],
  [begun()],
  [wrong],
  [acknowledged, asked(), wrong],
].map((frames) => Buffer.concat([start, ...frames]))

/** Answers with the number of sessions of HTTP/2 that are in memory, garbage aside. */
const counting = `import { queryObjects } from 'node:v8'
export default ({ socket }, response) => {
  response.end(String(queryObjects(socket.session.constructor, { format: 'count' })))
}`

test('of clients of HTTP/2 that have gone nothing stays in memory', async () => {
  await using dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  const flags = ['--certfile', certfile, '--keyfile', keyfile, '--http-protocols', 'h2']
  await using server = await startServer({ app: await dir.write('app.mjs', counting), bind: 'tcp', flags })
  server.claimLog(/v8\.queryObjects\(\) is an experimental feature/)
  // One client for all looks: each new one would be a session on its way out, too.
  await using client = await http2Client(server.port)
  const sessions = async (): Promise<number> => Number((await client.request('/')).body)
  const before = await sessions()
  for (const bytes of lives) {
    for (const how of ['end', 'reset', 'end', 'reset']) {
      await using raw = await rawHttp2(server.port)
      raw.write(bytes)
      await raw.frame(frameType.settings)
      if (how === 'reset') raw.reset()
      else raw.socket.end()
    }
  }
  assert.equal(before, 1)
  await until(async () => (await sessions()) === before, {
    what: 'no sessions of clients that have gone',
    within: 30_000,
  })
})
