import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { cpuTicks } from '../helpers/process-figures.ts'
import { isAlive } from '../helpers/process-group.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { findApp } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('a worker killed under load costs the requests it had in hand, and no other', async () => {
  await using dir = await tempDir()
  const flags = ['-w', '2', '-b', `unix:${dir.join('{slot}.sock')}`]
  await using server = await startServer({ app: 'obedient', flags })
  server.claimLog(/SIGKILL/)
  const target = { socketPath: dir.join('1.sock') }
  const victim = ((await request(target, '/')).json() as { pid: number }).pid
  await using spared = startLoad({ target: { socketPath: dir.join('2.sock') }, path: '/sleep/20', rate: 40 })
  await using struck = startLoad({ target, path: '/sleep/200', connections: 3 })
  await struck.progress(3)
  process.kill(victim, 'SIGKILL')
  await until(() => server.workers().length === 2 && !server.workers().includes(victim))
  await struck.progress(6)
  await spared.progress(20)
  assert.deepEqual((await spared.stop()).lost, [])
  const { lost } = await struck.stop()
  assert.ok(lost.length <= 3, `the three it had in hand: ${lost.join(', ')}`)
  assert.equal(server.log.filter((line) => line.includes('SIGKILL')).length, 1)
})

test('all workers killed at once are started once each, and whoever comes meanwhile is served', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '3', '--log-level', 'debug'] })
  server.claimLog(/SIGKILL/)
  const before = server.workers()
  for (const pid of before) process.kill(pid, 'SIGKILL')
  const answers = await Promise.all(Array.from({ length: 20 }, () => request(server.target, '/')))
  assert.ok(answers.every(({ status }) => status === 200))
  const isReady = (line: string): boolean => /worker \d+ is ready after/.test(line)
  await until(() => server.log.filter(isReady).length === 6, { what: 'three workers and three successors' })
  assert.equal(server.workers().length, 3)
  assert.ok(server.workers().every((pid) => !before.includes(pid)))
})

test('a worker that dies soon after it was ready, again and again, is started ever later, and comes back once it is mended', async () => {
  await using dir = await tempDir()
  const app = await dir.write(
    'app.mjs',
    'setTimeout(() => process.exit(7), 100)\nexport default (q, s) => s.end("ill")',
  )
  await using server = await startServer({ app })
  server.claimLog(/status 7/)
  await server.expectLog(/the next start is in 1 s/)
  await server.expectLog(/the next start is in 2 s/)
  writeFileSync(app, 'export default (request, response) => response.end("well")')
  assert.equal((await request(server.target, '/')).body, 'well')
  const starts = server.log.filter((line) => /ended with status 7/.test(line)).length
  assert.ok(starts <= 5, `${starts} deaths`)
})

test('a master that was stopped for longer than the timeout kills no healthy worker when it goes on', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2', '--timeout', '3'] })
  const before = server.workers()
  server.signal('SIGSTOP')
  const start = performance.now()
  await until(() => performance.now() - start > 5000)
  server.signal('SIGCONT')
  server.signal('SIGUSR1')
  await server.expectLog(/log files reopened/)
  for (let count = 0; count < 20; count++) assert.equal((await request(server.target, '/')).status, 200)
  assert.deepEqual(server.workers(), before)
})

test('a worker that cannot be asked to stop is killed when its grace is over, is told, and the exit status is 0', async () => {
  await using server = await startServer({
    app: 'obedient',
    flags: ['-w', '2', '--graceful-timeout', '1', '--drain-idle', '0.2', '--timeout', '0'],
  })
  const [deaf] = server.workers()
  assert.ok(deaf)
  process.kill(deaf, 'SIGSTOP')
  const { code } = await server.stop()
  assert.equal(code, 0)
  assert.equal(isAlive(deaf), false)
  assert.ok(server.log.some((line) => /was killed: it had not stopped when its time was up/.test(line)))
})

test('a worker stuck in a loop is killed with the place and the request in the log', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--timeout', '6'] })
  await request(server.target, '/block/60000').catch(() => null)
  const line = await server.expectLog(/event loop is stuck/)
  assert.match(line, /obedient\.mjs:\d+/)
  assert.match(line, /GET \/block\/60000/)
  assert.equal((await request(server.target, '/')).status, 200)
})

test('a worker that leaves is killed too when it is stuck, with the place in the log, however long it may drain', async () => {
  const flags = ['--timeout', '6', '--graceful-timeout', '600', '--drain-idle', '60']
  await using server = await startServer({ app: 'obedient', flags })
  await using kept = await rawSocket(server.target)
  kept.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await kept.receive(/200 OK/)
  const [before = 0] = server.workers()
  server.signal('SIGHUP')
  await server.expectLog(/worker 1 leaves/)
  kept.write('GET /block/600000 HTTP/1.1\r\nHost: a\r\n\r\n')
  const line = await server.expectLog(/worker 1 .*event loop is stuck/)
  assert.match(line, /obedient\.mjs:\d+.*GET \/block\/600000/)
  await until(() => !isAlive(before))
})

test('an application that blocks while it is loaded is killed at the boot timeout, and a reload to it changes nothing', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', readFileSync(findApp('obedient'), 'utf8'))
  await using server = await startServer({ app, flags: ['--boot-timeout', '2'] })
  const before = server.workers()
  writeFileSync(app, 'for (;;);')
  server.signal('SIGHUP')
  await server.expectLog(/reload failed, the old workers serve on: .*not ready within 2 s/)
  await until(() => server.workers().length === 1)
  assert.deepEqual(server.workers(), before)
  assert.equal((await request(server.target, '/')).status, 200)
})

test('a worker without a descriptor to spare does not spin or fill the log, costs the others nothing, and recovers', async () => {
  await using dir = await tempDir()
  const flags = ['-w', '2', '-b', `unix:${dir.join('{slot}.sock')}`]
  await using server = await startServer({ app: 'obedient', flags })
  server.claimLog(/accept/)
  const [full, other] = [{ socketPath: dir.join('1.sock') }, { socketPath: dir.join('2.sock') }]
  const { pid } = (await request(full, '/')).json() as { pid: number }
  const { execFileSync } = await import('node:child_process')
  execFileSync('prlimit', ['--pid', String(pid), '--nofile=64:'])
  const clients = await Promise.all(Array.from({ length: 200 }, () => rawSocket(full)))
  const [ticks, start] = [cpuTicks(pid), performance.now()]
  await until(() => performance.now() - start > 1500)
  const share = ((cpuTicks(pid) - ticks) * 10) / (performance.now() - start)
  assert.ok(share < 0.5, `it spent ${Math.round(share * 100)} % of a CPU`)
  for (let count = 0; count < 20; count++) assert.equal((await request(other, '/')).status, 200)
  for (const client of clients) await client[Symbol.asyncDispose]()
  await until(async () => ((await request(full, '/')).json() as { pid: number }).pid === pid)
  const complaints = server.log.filter((line) => /accept/.test(line))
  assert.ok(complaints.length <= 20, `${complaints.length} lines`)
})

test('a clock that jumps an hour either way kills nobody', async () => {
  await using dir = await tempDir()
  const jump = await dir.write(
    'jump.mjs',
    `const { now } = Date
const start = now()
Date.now = () => now() + (Math.floor((now() - start) / 500) % 2 === 0 ? 3_600_000 : -3_600_000)`,
  )
  const flags = ['-w', '2', '--timeout', '10']
  await using server = await startServer({ app: 'obedient', flags, env: { NODE_OPTIONS: `--import=file://${jump}` } })
  const before = server.workers()
  const start = performance.now()
  await until(() => performance.now() - start > 3000)
  for (let count = 0; count < 20; count++) assert.equal((await request(server.target, '/')).status, 200)
  assert.deepEqual(server.workers(), before)
})
