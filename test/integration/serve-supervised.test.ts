import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { countDatagramSockets } from '../helpers/process-figures.ts'
import { startServer } from '../helpers/start-server.ts'
import { type Supervisor, supervise } from '../helpers/supervise.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const hears = (supervisor: Supervisor, pattern: RegExp) =>
  until(() => supervisor.heard().find((datagram) => pattern.test(datagram)), {
    what: `a datagram that matches ${pattern}, not ${supervisor.heard().join('|')}`,
    within: 30_000,
  })

test('the service manager hears ready once, what a reload came to, and the whole of a drain', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  await using server = await startServer({
    app: 'obedient',
    flags: ['-w', '2', '--drain-idle', '0.2', '--graceful-timeout', '20'],
    env: { NOTIFY_SOCKET: dir.join('notify') },
  })
  await hears(supervisor, /^READY=1\nSTATUS=2 of 2 workers serve\n$/)
  server.signal('SIGHUP')
  await hears(supervisor, /^RELOADING=1\nMONOTONIC_USEC=\d+\nSTATUS=.*reloading/)
  await hears(supervisor, /^EXTEND_TIMEOUT_USEC=1\d{7}\n$/)
  await hears(supervisor, /^READY=1\nSTATUS=2 of 2 workers serve; reloaded: 2 workers replaced/)
  const slow = request(server.target, '/sleep/4000')
  await until(async () => (await request(server.target, '/')).status === 200)
  const before = supervisor.heard().length
  const ended = server.stop()
  await hears(supervisor, /^STOPPING=1\nSTATUS=stopping/)
  await hears(supervisor, /^STATUS=stopping: draining 1 request in 1 worker\n$/)
  assert.equal((await slow).status, 200)
  assert.equal((await ended).code, 0)
  const pleas =
    supervisor
      .heard()
      .slice(before)
      .join('')
      .match(/EXTEND_TIMEOUT_USEC=\d+/g) ?? []
  assert.ok(pleas.length >= 1)
  assert.ok(pleas.every((plea) => Number(plea.split('=')[1]) <= 23e6))
})

test('a reload that fails is told with the reason, and the service stays ready', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const app = await dir.write('app.mjs', 'export default (request, response) => response.end("good")')
  await using server = await startServer({ app, env: { NOTIFY_SOCKET: dir.join('notify') } })
  writeFileSync(app, 'throw new Error("release 2 is broken")')
  server.claimLog(/release 2 is broken/)
  server.signal('SIGHUP')
  await hears(supervisor, /^READY=1\nSTATUS=1 of 1 workers serve; reload failed.*release 2 is broken/)
  assert.equal((await request(server.target, '/')).body, 'good')
})

test('a start that fails is told with the reason', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const app = await dir.write('app.mjs', 'throw new Error("broken from the start")')
  const env = { NOTIFY_SOCKET: dir.join('notify') }
  await assert.rejects(startServer({ app, env }), /broken from the start/)
  await hears(supervisor, /STATUS=failed: .*broken from the start/)
  assert.ok(!supervisor.heard().some((datagram) => datagram.includes('READY=1')))
})

test('no application sees what the service manager gave to the master', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const env = { NOTIFY_SOCKET: dir.join('notify'), WATCHDOG_USEC: '4000000', LISTEN_FDNAMES: 'x' }
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2'], env })
  await hears(supervisor, /WATCHDOG=1/)
  for (const pid of server.workers()) {
    assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'utf8'), /NOTIFY_SOCKET|WATCHDOG_|LISTEN_/)
  }
})

test('without NOTIFY_SOCKET nothing is told to anybody: the master has no socket to do so', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  for (const [env, sockets] of [
    [{ NOTIFY_SOCKET: dir.join('notify') }, 1],
    [{ WATCHDOG_USEC: '200000' }, 0],
  ] as const) {
    await using server = await startServer({ app: 'obedient', flags: ['--drain-idle', '0.2'], env })
    server.signal('SIGHUP')
    await server.expectLog(/reloaded:/)
    assert.equal(countDatagramSockets(server.pid), sockets)
  }
  assert.ok(supervisor.heard().length > 0)
})

test('a service manager that has gone costs one warning, not one a second', async () => {
  await using dir = await tempDir()
  const env = { NOTIFY_SOCKET: dir.join('nobody') }
  await using server = await startServer({ app: 'obedient', env })
  await server.expectLog(/cannot be told/)
  const slow = request(server.target, '/sleep/3000')
  await until(async () => (await request(server.target, '/')).status === 200)
  const ended = server.stop()
  assert.equal((await slow).status, 200)
  assert.equal((await ended).code, 0)
  assert.ok(server.log.filter((line) => line.includes('cannot be told')).length <= 2)
})
