import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const skip = process.getuid?.() !== 0 && 'needs root to start the server as a user whose processes can be limited'

/** A user without an entry, so that no other process counts against its limit. */
const uid = 54321

test('when the system refuses new processes the server serves on, says why, and recovers by itself', {
  skip,
}, async () => {
  await using dir = await tempDir()
  chmodSync(dir.path, 0o777)
  const under = becoming(uid)
  const flags = ['-w', '2', '-b', `unix:${dir.join('s')}`, '--drain-idle', '0.2']
  await using server = await startServer({ app: 'obedient', flags, under, cwd: dir.path })
  server.claimLog(/SIGKILL/)
  limit(server.pid, 'nproc', 1)
  const [victim] = server.workers()
  process.kill(victim ?? 0, 'SIGKILL')
  await server.expectLog(/cannot start: the system refuses to start a process: .*EAGAIN; the next try is in \d+ s/)
  server.signal('SIGHUP')
  await server.expectLog(/reload failed.*the system refuses to start a process/)
  server.signal('SIGUSR2')
  await server.expectLog(/the new master is gone: the system refuses to start it/)
  assert.equal((await request(server.target, '/')).status, 200)
  limit(server.pid, 'nproc', 1000)
  await until(() => server.workers().length === 2, { within: 30_000, what: 'the worker that was missing' })
})

test('when the master has no descriptor to spare the server serves on, says why, and recovers by itself', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2', '--drain-idle', '0.2'] })
  server.claimLog(/SIGKILL/)
  // Those it has it keeps.
  limit(server.pid, 'nofile', 3)
  const [victim] = server.workers()
  process.kill(victim ?? 0, 'SIGKILL')
  await server.expectLog(/cannot start: the system refuses to start a process: .*EMFILE; the next try is in \d+ s/)
  server.signal('SIGUSR2')
  await server.expectLog(/the new master is gone: the system refuses to start it/)
  assert.equal((await request(server.target, '/')).status, 200)
  limit(server.pid, 'nofile', 1024)
  await until(() => server.workers().length === 2, { within: 30_000, what: 'the worker that was missing' })
})

test('a thousand TTINs make no more workers than the machine is allowed to have', { skip }, async () => {
  await using dir = await tempDir()
  chmodSync(dir.path, 0o777)
  const under = becoming(uid)
  const flags = ['-w', '1', '-b', `unix:${dir.join('s')}`, '--drain-idle', '0.2']
  await using server = await startServer({ app: 'obedient', flags, under, cwd: dir.path })
  server.claimLog(/cannot start/)
  limit(server.pid, 'nproc', 1)
  for (let count = 0; count < 1000; count++) server.signal('SIGTTIN')
  await server.expectLog(/cannot start: the system refuses/)
  server.signal('SIGHUP')
  await server.expectLog(/reload failed/)
  assert.equal(server.workers().length, 1)
  assert.equal((await request(server.target, '/')).status, 200)
  assert.equal((await server.stop()).code, 0)
})

/** Moves the soft limit, which a process of the same user may. */
function limit(pid: number, what: 'nproc' | 'nofile', most: number): void {
  const owner = statSync(`/proc/${pid}`).uid
  const asOwner = owner === process.getuid?.() ? [] : becoming(owner)
  const [file = '', ...args] = [...asOwner, 'prlimit', '--pid', String(pid), `--${what}=${most}:`]
  execFileSync(file, args)
}

function becoming(id: number): readonly string[] {
  return ['setpriv', `--reuid=${id}`, `--regid=${id}`, '--clear-groups']
}
