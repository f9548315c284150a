import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAlive } from '../helpers/process-group.ts'
import { startServer } from '../helpers/start-server.ts'
import { supervise } from '../helpers/supervise.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const isPing = (datagram: string): boolean => datagram === 'WATCHDOG=1\n'

/** Runs a program as the very process that WATCHDOG_PID names, as a service manager does. */
const named = ['sh', '-c', 'WATCHDOG_PID=$$ exec "$@"', 'sh']

test('the watchdog goes on to be told after a hand-over, although WATCHDOG_PID names the old master', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const env = { NOTIFY_SOCKET: dir.join('notify'), WATCHDOG_USEC: '400000' }
  await using server = await startServer({ app: 'obedient', under: named, env, flags: ['--drain-idle', '0.2'] })
  await until(() => supervisor.heard().filter(isPing).length >= 2, { what: 'pings of the old master' })
  server.signal('SIGUSR2')
  const words = await server.expectLog(/new master \(pid \d+\) serves beside us/)
  const heir = Number(/new master \(pid (\d+)\)/.exec(words)?.[1])
  // Whoever listens to a queue of ten datagrams has to take them: unix(7), max_dgram_qlen.
  supervisor.heard()
  server.signal('SIGTERM')
  await until(() => supervisor.heard().length > 0 && !isAlive(server.pid))
  await until(() => supervisor.heard().includes(`MAINPID=${heir}\n`), { what: 'the pid of the new master' })
  const before = supervisor.heard().length
  await until(() => supervisor.heard().slice(before).filter(isPing).length >= 3, { what: 'pings of the new master' })
  process.kill(heir, 'SIGTERM')
  await until(() => !isAlive(heir))
})

test('a watchdog that is meant for another process is left alone', async () => {
  await using dir = await tempDir()
  using supervisor = supervise(dir.join('notify'))
  const env = { NOTIFY_SOCKET: dir.join('notify'), WATCHDOG_USEC: '400000', WATCHDOG_PID: '1' }
  await using server = await startServer({ app: 'obedient', env, flags: ['--drain-idle', '0.2'] })
  server.signal('SIGHUP')
  await server.expectLog(/reloaded:/)
  await server.stop()
  assert.ok(supervisor.heard().some((datagram) => datagram.startsWith('STOPPING=1\n')))
  assert.deepEqual(supervisor.heard().filter(isPing), [])
})
