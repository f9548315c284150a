import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCertificate } from '../../helpers/certificates.ts'
import { flag, four, frame, frameType, preface } from '../../helpers/http2-frames.ts'
import { type RawHttp2, rawHttp2 } from '../../helpers/raw-http2.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'
import { holdListener, startWorker } from '../../helpers/worker-harness.ts'
import { begun } from './cases.ts'

/** Tells what becomes of each body; with OPEN it has answered the head, with EARLY everything, before the body is there. */
const app = `let count = 0
export default (request, response) => {
  const name = 'upload ' + (count += 1)
  let bytes = 0
  if (process.env.WHEN !== 'LATE') response.write('begun')
  if (process.env.WHEN === 'EARLY') response.end()
  request.on('data', (chunk) => { bytes += chunk.length; console.log(name, 'has', bytes) })
  request.on('end', () => { console.log(name, 'ended', request.complete); response.end() })
  request.on('error', () => {})
  request.on('close', () => console.log(name, 'closed', request.complete))
}`

const part = (flags = 0): Buffer => frame(frameType.data, flags, 1, Buffer.alloc(1000))
const reset = (code: number): Buffer => frame(frameType.reset, 0, 1, four(code))

/** What the client does after the first part of its upload has come. */
const ends: readonly (readonly [what: string, act: (raw: RawHttp2) => void])[] = [
  ['resets its stream with CANCEL', (raw) => raw.write(reset(8))],
  ['resets its stream with NO_ERROR', (raw) => raw.write(reset(0))],
  ['sends GOAWAY and leaves', (raw) => void raw.socket.end(frame(frameType.goaway, 0, 0, Buffer.alloc(8)))],
  ['ends its side', (raw) => void raw.socket.end()],
  ['destroys its socket', (raw) => void raw.socket.destroy()],
  ['breaks the connection', (raw) => raw.write(frame(frameType.settings, 0, 1))],
]

for (const when of ['LATE', 'OPEN', 'EARLY']) {
  test(`an upload that is torn is never taken for a whole one by an application that answers ${when}`, async () => {
    await using dir = await tempDir()
    const { certfile, keyfile } = await makeCertificate(dir, 'site')
    using listener = holdListener()
    const config = { certfile, keyfile, httpProtocols: ['h2'] as const }
    const path = await dir.write('app.mjs', app)
    await using worker = startWorker({ app: path, listeners: [listener], config, env: { WHEN: when } })
    await worker.serve()
    const { port } = listener.target as { port: number }
    let count = 0
    const upload = async (...rest: readonly Buffer[]): Promise<RawHttp2> => {
      count += 1
      const raw = await rawHttp2(port)
      raw.write(preface, frame(frameType.settings, 0, 0), begun(), part(), ...rest)
      await until(() => worker.log().includes(`upload ${count} `), { what: `upload ${count} to begin` })
      return raw
    }
    for (const [what, act] of ends) {
      await using raw = await upload()
      act(raw)
      await until(() => worker.log().includes(`upload ${count} closed`), { what: `the end of a client that ${what}` })
      assert.match(worker.log(), new RegExp(`upload ${count} closed false`), what)
      assert.doesNotMatch(worker.log(), new RegExp(`upload ${count} ended`), what)
    }
    await using whole = await upload(part(flag.endStream))
    await until(() => worker.log().includes(`upload ${count} closed`))
    assert.match(worker.log(), new RegExp(`upload ${count} ended true`), String(whole.isClosed()))
  })
}
