import assert from 'node:assert/strict'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { findApp } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { settled, until } from '../helpers/until.ts'

test('HUP replaces every worker and loses no request, POST included', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2', '--drain-idle', '5'] })
  const before = server.workers()
  await using gets = startLoad({ target: server.target, connections: 3 })
  await using posts = startLoad({ target: server.target, connections: 3, method: 'POST', body: 'x'.repeat(2000) })
  await using fresh = startLoad({ target: server.target, rate: 50 })
  for (let round = 1; round <= 3; round++) {
    await gets.progress(20)
    server.signal('SIGHUP')
    await until(
      () => server.log.filter((line) => line.includes('reload.done') || /reloaded:/.test(line)).length >= round,
    )
  }
  await gets.progress(20)
  for (const load of [gets, posts, fresh]) {
    const count = await load.stop()
    assert.deepEqual(count.lost, [])
    assert.deepEqual(Object.keys(count.statuses), ['200'])
    assert.ok(count.answered > 0)
  }
  await until(() => server.workers().length === 2)
  assert.ok(server.workers().every((pid) => !before.includes(pid)))
})

test('HUP with a broken application keeps the old workers, says why, and works once it is mended', async () => {
  await using dir = await tempDir()
  const app = dir.join('app.mjs')
  cpSync(findApp('obedient'), app)
  await using server = await startServer({ app, flags: ['-w', '2'] })
  const before = [...server.workers()].sort()
  for (const broken of ['throw new Error("release 2 is broken")', 'export default function (', 'process.exit(9)']) {
    writeFileSync(app, broken)
    const reloads = server.log.filter((line) => /reload failed/.test(line)).length
    server.signal('SIGHUP')
    server.claimLog(/reload failed/)
    await until(() => server.log.filter((line) => /reload failed/.test(line)).length > reloads)
    assert.equal((await request(server.target, '/')).status, 200)
    await until(() => server.workers().length === 2)
    assert.deepEqual([...server.workers()].sort(), before)
  }
  assert.ok(server.log.some((line) => line.includes('release 2 is broken')))
  rmSync(app)
  cpSync(findApp('obedient'), app)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded:/)
  await until(() => server.workers().length === 2 && server.workers().every((pid) => !before.includes(pid)))
})

test('TTIN adds a worker and TTOU takes one away, with requests in flight all the while', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '1', '--drain-idle', '5'] })
  await using load = startLoad({ target: server.target, connections: 4 })
  server.signal('SIGTTIN')
  await until(() => server.workers().length === 2)
  await load.progress(50)
  server.signal('SIGTTOU')
  await until(() => server.workers().length === 1)
  await load.progress(50)
  assert.deepEqual((await load.stop()).lost, [])
})

test('TERM lets the request in flight finish, accepts no new one, and exits 0', async () => {
  await using server = await startServer({ app: 'obedient', bind: 'tcp' })
  const answer = request(server.target, '/sleep/1000')
  await until(async () => (await request(server.target, '/')).status === 200)
  const ended = server.stop()
  await until(() =>
    request(server.target, '/').then(
      () => false,
      () => true,
    ),
  )
  assert.equal((await answer).status, 200)
  assert.equal((await ended).code, 0)
})

for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
  test(`${signal} stops without waiting for requests in flight, and exits 0`, async () => {
    await using server = await startServer({ app: 'obedient' })
    const answer = request(server.target, '/sleep/60000').then(
      () => 'answered',
      () => 'cut',
    )
    await until(async () => (await request(server.target, '/')).status === 200)
    assert.equal((await server.stop(signal)).code, 0)
    assert.equal(await settled(answer), 'cut')
  })
}

test('a second TERM hurries', async () => {
  await using server = await startServer({ app: 'obedient' })
  const answer = request(server.target, '/sleep/60000').catch(() => null)
  await until(async () => (await request(server.target, '/')).status === 200)
  server.signal('SIGTERM')
  await server.expectLog(/stopping gracefully/)
  assert.equal((await server.stop('SIGTERM')).code, 0)
  assert.equal(await settled(answer), null)
})

test('no signal sent to a worker by hand but TERM, INT and QUIT ends it', async () => {
  await using server = await startServer({ app: 'obedient' })
  const [worker] = server.workers()
  assert.ok(worker)
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGPIPE'] as const) process.kill(worker, signal)
  for (let count = 0; count < 20; count++) assert.equal((await request(server.target, '/')).status, 200)
  assert.deepEqual(server.workers(), [worker])
})
