import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { keepAliveAgent, request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { accepts, get, serving } from '../helpers/serving-worker.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'

test('when the time is up, what is left is cut and told', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/600000'))
  await request(place.listener.target, '/')
  place.worker.drain(300)
  await socket.closed()
  assert.equal(await place.worker.ended(), 0)
  assert.match(place.worker.log(), /1 requests were cut.*GET \/sleep\/600000 \(\d\.\d s, id \w+\)/)
})

test('a second order to drain can bring the end nearer', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/600000'))
  await request(place.listener.target, '/')
  place.worker.drain(600_000)
  place.worker.drain(0)
  assert.equal(await place.worker.ended(), 0)
})

test('a worker whose master is gone ends by itself', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/600000'))
  await request(place.listener.target, '/')
  place.worker.hangUp()
  assert.equal(await place.worker.ended({ within: 3000 }), 0)
})

test('what an application does on TERM is done after the last answer, and decides nothing before', async () => {
  await using dir = await tempDir()
  using listener = holdListener()
  const env = { PORT: '4000', DIARY: dir.join('diary') }
  await using worker = startWorker({ app: 'test/apps/listens-later.cjs', listeners: [listener], env })
  await worker.serve()
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGTTIN'] as const)
    worker.child.kill(signal)
  assert.equal((await request(listener.target, '/')).body, 'later')
  worker.child.kill('SIGTERM')
  assert.deepEqual(await worker.says('leaving'), { type: 'leaving', reason: 'signal' })
  assert.equal(await worker.ended(), 0)
  assert.equal(await readFile(env.DIARY, 'utf8'), 'closed its pools\n')
})

test('after an error that nobody caught, requests in flight are answered and the worker ends with 1', async () => {
  await using place = await serving('obedient.mjs', { gracefulTimeout: 2000 })
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/800'))
  await request(place.listener.target, '/')
  using agent = keepAliveAgent()
  const thrown = request(place.listener.target, '/throw', { agent }).catch((error: Error) => error)
  assert.deepEqual(await place.worker.says('leaving'), { type: 'leaving', reason: 'uncaught-error' })
  assert.match(await socket.closed(), /200 OK\r\n.*Connection: close/s)
  assert.equal(await place.worker.ended(), 1)
  assert.ok((await thrown) instanceof Error)
  assert.match(place.worker.log(), /nobody caught Error: thrown as told \(at .*obedient\.mjs:\d+:\d+/)
})

test('a listener that was let go of can be taken again, and nobody who waits at it meanwhile is lost', async () => {
  await using place = await serving('obedient.mjs')
  for (let round = 0; round < 3; round += 1) {
    place.worker.send({ type: 'listen', listeners: [] })
    await until(async () => !(await accepts(place.listener)))
    const waiting = request(place.listener.target, '/', { method: 'POST', body: 'hello' })
    place.worker.send({ type: 'listen', listeners: [0] })
    assert.deepEqual(((await waiting).json() as { bytes: number }).bytes, 5)
  }
})
