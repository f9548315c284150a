import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'

const app = 'test/apps/starts-and-stops.mjs'
const count = (lines: string | readonly string[], what: RegExp): number =>
  (typeof lines === 'string' ? lines.split('\n') : lines).filter((line) => what.test(line)).length

test('startup is over before the first request, shutdown begins after the last, and both happen once', async () => {
  using listener = holdListener()
  await using worker = startWorker({ app, listeners: [listener] })
  await worker.serve()
  assert.equal((await request(listener.target, '/')).body, 'started: true')
  worker.drain(10_000)
  worker.drain(9000)
  assert.equal(await worker.ended(), 0)
  const told = worker.log().trim().split('\n')
  assert.deepEqual(told, [
    'startup begins after 0 requests',
    'startup is done',
    'shutdown begins after 1 requests',
    'shutdown is done',
  ])
})

test('a startup that throws is a failure to load, in words', async () => {
  await using worker = startWorker({ app, env: { STARTUP: 'throws' } })
  const { message } = await worker.says('failed')
  assert.match(message, /the startup of .*starts-and-stops\.mjs failed: Error: startup cannot be done \(at .*:\d+/)
  assert.equal(await worker.ended(), 4)
})

test('a startup that nothing can end is told at once', async () => {
  await using worker = startWorker({ app, env: { STARTUP: 'hangs' } })
  const { message } = await worker.says('failed')
  assert.match(message, /the startup of .* failed: it waits for a promise that nothing is left to settle/)
  assert.equal(await worker.ended(), 4)
})

test('a startup that takes too long is given up shortly before the boot timeout', async () => {
  await using worker = startWorker({ app, env: { STARTUP: 'waits' }, config: { bootTimeout: 5000 } })
  const { message } = await worker.says('failed')
  assert.match(message, /not ready within 5 s \(--boot-timeout\): still waiting for the startup of .*starts-and-stops/)
  assert.equal(await worker.ended(), 3)
})

test('a shutdown that throws is logged, and the worker ends all the same', async () => {
  await using worker = startWorker({ app, env: { SHUTDOWN: 'throws' } })
  await worker.says('ready')
  worker.drain(10_000)
  assert.equal(await worker.ended(), 0)
  assert.match(worker.log(), /the shutdown of the application failed: Error: shutdown cannot be done/)
})

test('a shutdown that takes too long is left behind when the graceful timeout is over', async () => {
  await using worker = startWorker({ app, env: { SHUTDOWN: 'waits' } })
  await worker.says('ready')
  worker.drain(600)
  assert.equal(await worker.ended(), 0)
  assert.match(worker.log(), /the shutdown of the application was not over in time/)
})

test('a quick stop does not wait for a shutdown', async () => {
  await using worker = startWorker({ app, env: { SHUTDOWN: 'waits' } })
  await worker.says('ready')
  worker.drain(0)
  assert.equal(await worker.ended(), 0)
  assert.doesNotMatch(worker.log(), /shutdown begins/)
})

test('a trial starts the application and shuts it down', async () => {
  await using worker = startWorker({ app, trial: true })
  await worker.says('ready')
  assert.equal(await worker.ended(), 0)
  assert.equal(count(worker.log(), /is done/), 2)
})

test('an application that has its own hooks for its begin and end gets them called', async () => {
  using listener = holdListener()
  await using worker = startWorker({ app: 'test/apps/fastify-hooks.mjs', listeners: [listener] })
  await worker.serve()
  assert.equal((await request(listener.target, '/')).body, 'ready: true')
  worker.drain(10_000)
  assert.equal(await worker.ended(), 0)
  assert.equal(count(worker.log(), /onClose was called/), 1)
})

test('a reload shuts down the old worker, a stop the new one, each once', async () => {
  await using server = await startServer({ app: 'starts-and-stops' })
  assert.equal((await request(server.target, '/')).body, 'started: true')
  const before = server.workers()
  server.signal('SIGHUP')
  await until(() => server.workers().length === 1 && server.workers()[0] !== before[0], {
    what: 'the new worker alone',
  })
  // The trial of the reload, and the old worker.
  await until(() => count(server.log, /shutdown is done/) === 2)
  assert.equal((await server.stop()).code, 0)
  assert.equal(count(server.log, /startup is done/), 3)
  assert.equal(count(server.log, /shutdown is done/), 3)
})

test('a worker that is replaced after its requests shuts down', async () => {
  await using server = await startServer({ app: 'starts-and-stops', flags: ['--max-requests', '1'] })
  await request(server.target, '/')
  await server.expectLog(/shutdown begins after 1 requests/)
  await server.expectLog(/shutdown is done/)
})

test('a startup that fails is an exit with status 4', async () => {
  const failed = startServer({ app: 'starts-and-stops', env: { STARTUP: 'throws' } })
  await assert.rejects(failed, /ended with status 4 .*the startup of .* failed/s)
})
