import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startLoad } from '../helpers/load.ts'
import { figuresOf, reloadOften } from '../helpers/reload-often.ts'
import { startServer } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'

test('after twenty reloads master and workers have the same descriptors as before', async () => {
  await using server = await startServer({ app: 'obedient', bind: 'tcp', flags: ['--drain-idle', '0.2'] })
  // The first reload may load what later ones use too.
  await reloadOften(server, { times: 2, workers: 1 })
  const before = await figuresOf(server, 1)
  assert.deepEqual(await reloadOften(server, { times: 20, workers: 1 }), before)
})

test('a storm of HUPs under load loses no request, and there are never more than twice the workers', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2', '--drain-idle', '5'] })
  const first = server.workers()
  await using gets = startLoad({ target: server.target, connections: 2 })
  await using posts = startLoad({ target: server.target, connections: 2, method: 'POST', body: 'x'.repeat(2000) })
  const reloads = (): number => server.log.filter((line) => /reloaded:/.test(line)).length
  let most = 0
  for (let storm = 1; storm <= 3; storm++) {
    for (let count = 0; count < 20; count++) {
      server.signal('SIGHUP')
      most = Math.max(most, server.workers().length)
    }
    const before = reloads()
    await until(() => {
      most = Math.max(most, server.workers().length)
      return reloads() > before
    })
  }
  await gets.progress(50)
  for (const load of [gets, posts]) {
    const { lost, statuses } = await load.stop()
    assert.deepEqual(lost, [])
    assert.deepEqual(Object.keys(statuses), ['200'])
  }
  await until(() => server.workers().length === 2)
  assert.ok(server.workers().every((pid) => !first.includes(pid)))
  // The child that tries the application is no worker.
  assert.ok(most <= 2 * 2 + 1, `there were ${most} processes`)
})
