import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

for (const workers of ['1', '8']) {
  test(`an application that cannot be loaded ends ${workers} workers' server with status 4, said once and without a stack`, async () => {
    await using dir = await tempDir()
    const path = dir.join('app.sock')
    const { code, stderr } = await spawnCli([findApp('throws-at-import'), '-w', workers, '-b', `unix:${path}`])
    assert.equal(code, 4)
    assert.equal(stderr.match(/this application cannot be loaded/g)?.length, 1, stderr)
    assert.match(stderr, /throws-at-import\.mjs:1/)
    assert.equal(existsSync(path), false)
  })
}

test('an application that never becomes ready ends the server with status 3', async () => {
  await using dir = await tempDir()
  const args = [findApp('never-ready'), '-b', `unix:${dir.join('s')}`, '--boot-timeout', '1']
  const { code, stderr } = await spawnCli(args)
  assert.equal(code, 3)
  assert.match(stderr, /not ready within 1 s/)
})

test('a command line that makes no sense ends with status 2 and starts nothing', async () => {
  await using dir = await tempDir()
  const path = dir.join('s')
  const { code, stderr } = await spawnCli([findApp('obedient'), '-b', `unix:${path}`, '-w', 'many', '--timeout', '-3'])
  assert.equal(code, 2)
  assert.match(stderr, /--workers/)
  assert.match(stderr, /--timeout/, 'all problems at once')
  assert.doesNotMatch(stderr, /^\s+at /m)
  assert.equal(existsSync(path), false)
})

test('a worker killed from outside is replaced, and the log says so in one line', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2'] })
  const [victim] = server.workers()
  assert.ok(victim)
  process.kill(victim, 'SIGKILL')
  await server.expectLog(/was killed by SIGKILL/)
  await until(() => server.workers().length === 2 && !server.workers().includes(victim))
  assert.equal(server.log.filter((line) => line.includes('SIGKILL')).length, 1)
})

test('all workers killed at once: the master lives and connections wait for the new ones', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2'] })
  server.claimLog(/was killed by SIGKILL/)
  for (const pid of server.workers()) process.kill(pid, 'SIGKILL')
  assert.equal((await request(server.target, '/')).status, 200)
})

test('a master killed with SIGKILL leaves no worker behind', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2'] })
  const workers = server.workers()
  server.signal('SIGKILL')
  await server.ended
  await until(() => workers.every((pid) => !isAlive(pid)))
})

test('a worker whose event loop is stuck is killed and replaced while the other serves', async () => {
  await using dir = await tempDir()
  const pattern = dir.join('{slot}.sock')
  const flags = ['-w', '2', '--timeout', '3', '-b', `unix:${pattern}`]
  await using server = await startServer({ app: 'obedient', flags })
  const stuck = request({ socketPath: dir.join('1.sock') }, '/block/60000').catch(() => null)
  for (let count = 0; count < 10; count++) {
    assert.equal((await request({ socketPath: dir.join('2.sock') }, '/')).status, 200)
  }
  await server.expectLog(/event loop is stuck/)
  assert.equal(await stuck, null)
  assert.equal((await request({ socketPath: dir.join('1.sock') }, '/')).status, 200)
})

test('without a stall trace a stuck worker is replaced too, and nobody knows where it stood', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--timeout', '3', '--no-stall-trace'] })
  await request(server.target, '/block/60000').catch(() => null)
  await server.expectLog(/event loop is stuck; killing it/)
  await until(() => request(server.target, '/').then(({ status }) => status === 200))
})

for (const [order, words] of [
  ['exit/0', /process\.exit/],
  ['exit/7', /status 7/],
  ['throw', /thrown as told/],
  ['reject', /rejected as told/],
] as const) {
  test(`a worker that ends by /${order} is replaced and the log says how it ended`, async () => {
    await using server = await startServer({ app: 'obedient' })
    server.claimLog(/worker/)
    server.claimLog(/as told/)
    server.claimLog(/^\s+at /)
    const [before] = server.workers()
    // It is never answered, and its worker waits for it while another one serves.
    void request(server.target, `/${order}`).catch(() => null)
    await server.expectLog(words)
    await until(() => server.workers().some((pid) => pid !== before))
    assert.equal((await request(server.target, '/')).status, 200)
  })
}

test("the environment of --env reaches the application, and what is the master's own does not", async () => {
  await using server = await startServer({
    app: 'obedient',
    flags: ['-e', 'SECRET_OF_THE_DAY=swordfish'],
    env: { TSICORN_PROBE_PATH: '/probe-1f2e' },
  })
  const answer = (await request(server.target, '/')).json() as { pid: number; secret: string }
  assert.equal(answer.secret, 'swordfish')
  assert.doesNotMatch(readFileSync(`/proc/${answer.pid}/environ`, 'utf8'), /TSICORN_|probe-1f2e/)
})

function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
