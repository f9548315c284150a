import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { get, type Serving, serving } from '../helpers/serving-worker.ts'
import { until } from '../helpers/until.ts'

const app = 'waits.mjs'
const records = (log: string, event: string): readonly string[] =>
  log.split('\n').filter((line) => line.includes(`"event":"${event}"`))

test('a request without an answer in time gets 503, is logged once without its query, and the worker serves on', async () => {
  await using unit = await serving(app, { requestTimeout: 300 })
  const { target } = unit.listener
  const { status, headers } = await request(target, '/never?token=hunter2')
  assert.equal(status, 503)
  assert.equal(headers.connection, 'close')
  assert.equal((await request(target, '/')).status, 200)
  await until(() => records(unit.worker.log(), 'request.timeout').length === 1)
  assert.match(
    unit.worker.log(),
    /GET \/never \(id \w+\) made no progress for 0\.3 s \(--request-timeout\).* ended after \d/,
  )
  assert.doesNotMatch(unit.worker.log(), /hunter2/)
})

test('what an application says after its time was up goes nowhere and ends nothing', async () => {
  await using unit = await serving(app, { requestTimeout: 200 })
  const { target } = unit.listener
  const answers = await Promise.all([request(target, '/late/1'), request(target, '/late/100')])
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers['x-late']]),
    [
      [503, undefined],
      [503, undefined],
    ],
  )
  assert.equal((await request(target, '/drip/6/150')).body, '......')
  assert.equal((await request(target, '/aborted')).body, '2', 'the application heard of it')
  assert.equal(records(unit.worker.log(), 'worker.uncaught-error').length, 0)
})

test('an answer that has begun is cut off, so that the client can tell', async () => {
  await using unit = await serving(app, { requestTimeout: 300 })
  await assert.rejects(request(unit.listener.target, '/half'), /aborted|ECONNRESET|socket hang up/)
  await until(() => records(unit.worker.log(), 'request.timeout').length === 1)
})

test('an answer that goes on is never cut, however long it takes', async () => {
  await using unit = await serving(app, { requestTimeout: 400 })
  assert.equal((await request(unit.listener.target, '/drip/12/100')).body.length, 12)
})

test('the signal of a request fires in a fetch handler, and what comes of it is no error', async () => {
  await using unit = await serving(`${app}:fetching`, { requestTimeout: 200 })
  assert.equal((await request(unit.listener.target, '/')).status, 503)
  assert.equal((await request(unit.listener.target, '/aborted')).body, '1')
  assert.equal(records(unit.worker.log(), 'request.failed').length, 0)
})

test('a head that does not end gets 408 and the connection is closed; on a kept one it may not drip for ever', async () => {
  await using unit = await serving(app, { keepAlive: 1000, headerTimeout: 2000 })
  await using fresh = await rawSocket(unit.listener.target)
  await using kept = await rawSocket(unit.listener.target)
  fresh.write('GET / HTTP/1.1\r\nHost: a\r\n')
  kept.write(get('/'))
  await kept.receive(/0 bytes/)
  kept.write('GET / HTTP/1.1\r\nX-Slow: ')
  await until(() => kept.isClosed() || void kept.write('x'))
  assert.match(await fresh.closed(), /^HTTP\/1\.1 408 /)
})

test('a client that is silent within a body gets 408; one that goes on is waited for', async () => {
  await using unit = await serving(app, { bodyTimeout: 500 })
  await using silent = await rawSocket(unit.listener.target)
  await using slow = await rawSocket(unit.listener.target)
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n'
  silent.write(`${head}123`)
  slow.write(head)
  let sent = 0
  assert.match(
    await until(() => {
      // A part with each look: far more often than the limit, for longer than the limit.
      if (sent < 9) {
        slow.write('x')
        sent += 1
      }
      return silent.isClosed() ? silent.received() : null
    }),
    /^HTTP\/1\.1 408 /,
  )
  for (; sent < 10; sent += 1) slow.write('x')
  await slow.receive(/200 OK[\s\S]*10 bytes/)
})

test('a client that waits for the application to read, or to say 100, is not silent', async () => {
  await using unit = await serving(app, { bodyTimeout: 200 })
  const body = Buffer.alloc(3_000_000)
  const answer = await request(unit.listener.target, '/hold/1000', { method: 'POST', body })
  assert.equal(answer.body, '3000000 bytes')
})

test('an answer that came before the body does not keep a silent client', async () => {
  await using unit = await serving('streams.mjs', { bodyTimeout: 300 })
  await using client = await rawSocket(unit.listener.target)
  client.write('POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123')
  await client.receive(/413/)
  await client.closed()
  assert.doesNotMatch(client.received(), /408/)
})

test('a client that takes nothing of its answer is cut off; a proxy that does so is waited for', async () => {
  const deaf = async (forwardedAllowIps: readonly string[]) => {
    const unit = await serving('bulk.mjs', { sendTimeout: 300, forwardedAllowIps })
    const { socket, ...client } = await rawSocket(unit.listener.target)
    socket.pause()
    client.write(get('/bytes/1000000000'))
    return { ...unit, socket }
  }
  await using client = await deaf([])
  await using proxy = await deaf(['127.0.0.1'])
  const open = ({ worker }: Serving): number | undefined => {
    const beats = worker.said().filter((message) => message.type === 'beat')
    return beats.find(({ requests }) => requests === 1) && beats.at(-1)?.connections
  }
  await until(() => open(client) === 0 && open(proxy) === 1)
  for (const { socket } of [client, proxy]) socket.destroy()
})

test('a client reads its answer after it has sent everything, although that takes long and nobody wants it', async () => {
  await using unit = await serving('bulk.mjs', { limitRequestBody: 10 })
  await using client = await rawSocket(unit.listener.target)
  client.socket.pause()
  client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n')
  const begun = performance.now()
  for (let piece = 1; piece <= 8; piece += 1) {
    await until(() => performance.now() - begun > piece * 400)
    client.write('x'.repeat(100))
  }
  client.socket.resume()
  await client.receive(/^HTTP\/1\.1 413 /)
})
