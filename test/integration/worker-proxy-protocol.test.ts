import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProxyProtocol } from '../../src/http/proxy-header.ts'
import { proxyHeaderV2 } from '../helpers/proxy-header.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { get, serving } from '../helpers/serving-worker.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { type HeldListener, holdListener, startWorker } from '../helpers/worker-harness.ts'

const last = get('/', 'Connection: close\r\n')
const line = 'PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\n'

async function say({ target }: HeldListener, ...parts: readonly (string | Uint8Array)[]): Promise<string> {
  await using socket = await rawSocket(target)
  socket.socket.setNoDelay(true)
  for (const part of parts) {
    socket.write(part)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return await socket.closed()
}

function clientIn(answer: string): unknown {
  const { client } = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Record<
    string,
    unknown
  >
  return client
}

const seen = { remoteAddress: '203.0.113.9', remotePort: 4711 }

test('behind a balancer the application sees the client of the PROXY header, on every request of the connection', async () => {
  await using server = await serving('echo.mjs', { proxyProtocol: 'auto' })
  const headers: readonly (string | Buffer)[] = [line, proxyHeaderV2()]
  for (const header of headers) {
    await using socket = await rawSocket(server.listener.target)
    for (const bytes of [header, get('/'), last]) socket.write(bytes)
    const answers = (await socket.closed()).split(/(?=HTTP\/1\.1 )/)
    assert.deepEqual(answers.map(clientIn), [seen, seen])
  }
})

test('a PROXY header may come in any pieces', async () => {
  await using server = await serving('echo.mjs', { proxyProtocol: 'auto' })
  const all = Buffer.concat([proxyHeaderV2(), Buffer.from(last)])
  const cuts = [1, 11, 12, 15, 16, 17, 27, 28, 29, 40]
  const answers = await Promise.all(cuts.map((cut) => say(server.listener, all.subarray(0, cut), all.subarray(cut))))
  const bytes = Array.from({ length: 40 }, (_, at) => all.subarray(at, at + 1))
  answers.push(await say(server.listener, ...bytes, all.subarray(40)))
  for (const answer of answers) assert.deepEqual(clientIn(answer), seen)
})

const refused: readonly (readonly [what: string, mode: ProxyProtocol, bytes: string | Buffer])[] = [
  ['a request without a header', 'auto', get('/secret')],
  ['the other version', 'v2', line],
  ['a line with a bad address', 'v1', 'PROXY TCP4 evil.example 127.0.0.1 1 2\r\n'],
  ['a header of no version', 'auto', Buffer.from('0d0a0d0a000d0a515549540a11110000', 'hex')],
]

for (const [what, proxyProtocol, bytes] of refused) {
  test(`a balancer that sends ${what} is cut off without an answer, and one log line says why`, async () => {
    await using server = await serving('echo.mjs', { proxyProtocol })
    assert.equal(await say(server.listener, bytes), '')
    await until(() => server.worker.log().includes('proxy.refused'))
    const lines = server.worker.log().trim().split('\n')
    assert.equal(lines.length, 1, server.worker.log())
    assert.doesNotMatch(server.worker.log(), /secret|evil/)
  })
}

test('who is no balancer is served without a PROXY header, and cannot send one', async () => {
  await using server = await serving('echo.mjs', { proxyProtocol: 'auto', proxyAllowFrom: ['192.0.2.1'] })
  assert.match(await say(server.listener, last), /^HTTP\/1\.1 200 /)
  assert.match(await say(server.listener, line, last), /^HTTP\/1\.1 400 /)
})

test('a PROXY header counts at the begin of a connection only', async () => {
  await using server = await serving('echo.mjs', { proxyProtocol: 'v1' })
  assert.match(await say(server.listener, line, line, last), /^HTTP\/1\.1 400 /)
  const answer = await say(server.listener, line, get('/'), line, last)
  assert.ok((answer.match(/ 200 OK/g) ?? []).length <= 1, answer)
})

test('a balancer that speaks for itself is its own client, and one that does not know leaves the client unknown', async () => {
  await using dir = await tempDir()
  using listener = holdListener(dir.join('s'))
  const config = { proxyProtocol: 'v2' } as const
  await using worker = startWorker({ app: 'test/apps/echo.mjs', listeners: [listener], config })
  await worker.serve()
  const forwarded = get('/', 'X-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n')
  const local = proxyHeaderV2({ command: 0, family: 0, block: Buffer.alloc(0) })
  assert.deepEqual(clientIn(await say(listener, local, forwarded)), {
    remoteAddress: '198.51.100.7',
  })
  const unix = proxyHeaderV2({ family: 0x31, block: Buffer.alloc(216) })
  const answer = await say(listener, unix, forwarded)
  assert.deepEqual(clientIn(answer), {})
  assert.doesNotMatch(answer, /198\.51/)
})

test('a client that a balancer names is believed about others when it is a trusted proxy, and only then', async () => {
  await using server = await serving('echo.mjs', { proxyProtocol: 'v1', forwardedAllowIps: ['203.0.113.9'] })
  const forwarded = get('/', 'X-Forwarded-For: 198.51.100.7\r\nConnection: close\r\n')
  assert.match(await say(server.listener, line, forwarded), /"remoteAddress":"198\.51\.100\.7"/)
  const other = line.replace('203.0.113.9', '203.0.113.8')
  assert.match(await say(server.listener, other, forwarded), /"remoteAddress":"203\.0\.113\.8"/)
})

test('a drain does not wait for a balancer that never sends its header', async () => {
  await using server = await serving('echo.mjs', { proxyProtocol: 'v1', drainIdle: 200 })
  await using silent = await rawSocket(server.listener.target)
  silent.write('PROXY ')
  await using idle = await rawSocket(server.listener.target)
  idle.write(line)
  await say(server.listener, line, last)
  server.worker.drain(30_000)
  await silent.closed()
  await idle.closed()
  assert.equal(await server.worker.ended(), 0)
})
