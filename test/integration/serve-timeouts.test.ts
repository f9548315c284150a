import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { isAlive } from '../helpers/process-group.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { get } from '../helpers/serving-worker.ts'
import { type Server, startServer } from '../helpers/start-server.ts'

/** A server with one of its times short; all others are as they are without a flag, half a minute and more. */
function short(...flags: string[]): Promise<Server> {
  return startServer({ app: 'waits', flags })
}

/** The worker that served first serves on. */
async function livesOn(server: Server, [worker]: readonly number[]): Promise<void> {
  assert.equal((await request(server.target, '/')).body, '0 bytes')
  assert.deepEqual(server.workers(), [worker])
}

test('--request-timeout ends a request with 503, or cuts an answer that has begun, and the worker lives on', async () => {
  await using server = await short('--request-timeout', '0.5')
  const workers = server.workers()
  const [never, half, goesOn] = await Promise.allSettled(
    ['/never', '/half', '/drip/10/150'].map((path) => request(server.target, path)),
  )
  assert.equal(never?.status === 'fulfilled' && never.value.status, 503)
  assert.equal(half?.status, 'rejected')
  assert.equal(goesOn?.status === 'fulfilled' && goesOn.value.body, '..........')
  await livesOn(server, workers)
})

test('--keep-alive closes a connection that waits for a next request, and none that has one', async () => {
  await using server = await short('--keep-alive', '1', '--drain-idle', '0.2')
  const workers = server.workers()
  await using idle = await rawSocket(server.target)
  await using busy = await rawSocket(server.target)
  idle.write(get('/'))
  busy.write(get('/') + get('/drip/30/100'))
  assert.match(await idle.closed(), /^HTTP\/1\.1 200 OK[\s\S]*0 bytes$/)
  assert.equal(busy.isClosed(), false)
  await busy.receive(/\r\n0\r\n\r\n$/)
  await livesOn(server, workers)
})

test('--header-timeout ends a head that does not come to its end with 408', async () => {
  await using server = await short('--header-timeout', '2', '--keep-alive', '1', '--drain-idle', '0.2')
  const workers = server.workers()
  await using slow = await rawSocket(server.target)
  slow.write('GET / HTTP/1.1\r\nHost: a\r\n')
  assert.match(await slow.closed(), /^HTTP\/1\.1 408 /)
  await livesOn(server, workers)
})

test('--body-timeout ends a body of which nothing more comes with 408', async () => {
  await using server = await short('--body-timeout', '0.5')
  const workers = server.workers()
  await using silent = await rawSocket(server.target)
  silent.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123')
  assert.match(await silent.closed(), /^HTTP\/1\.1 408 /)
  await livesOn(server, workers)
})

test('--graceful-timeout ends what is not done when the server was told to stop, and the log names it', async () => {
  await using server = await short('--graceful-timeout', '0.5', '--drain-idle', '0.2')
  const [worker = 0] = server.workers()
  await using endless = await rawSocket(server.target)
  endless.write(get('/half'))
  await endless.receive(/begin/)
  assert.equal((await server.stop()).code, 0)
  assert.equal(isAlive(worker), false)
  await endless.closed()
  await server.expectLog(/1 requests were cut, because the time for the worker to leave was over: GET \/half/)
})
