import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { childPids, isAlive } from '../helpers/process-group.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('the command returns when the server is ready; the master has a session of its own and no terminal', async () => {
  await using daemon = await startDaemon(['-w', '2'])
  assert.equal(daemon.result.code, 0)
  assert.equal(daemon.result.stdout + daemon.result.stderr, '')
  assert.equal((await request(daemon.target, '/')).status, 200)
  assert.deepEqual(session(daemon.pid), { session: daemon.pid, terminal: 0 })
  assert.equal(readlinkSync(`/proc/${daemon.pid}/fd/0`), '/dev/null')
  for (const pid of [daemon.pid, ...childPids(daemon.pid)]) {
    assert.equal(readlinkSync(`/proc/${pid}/fd/1`), daemon.log)
    assert.equal(readlinkSync(`/proc/${pid}/fd/2`), daemon.log)
  }
})

test('all signals work on a daemon: WINCH and HUP, TTIN and TTOU, TERM', async () => {
  await using daemon = await startDaemon(['--drain-idle', '0.2'])
  const workers = () => childPids(daemon.pid).length
  process.kill(daemon.pid, 'SIGTTIN')
  await until(() => workers() === 2)
  process.kill(daemon.pid, 'SIGTTOU')
  await until(() => workers() === 1)
  process.kill(daemon.pid, 'SIGWINCH')
  await until(() => workers() === 0)
  process.kill(daemon.pid, 'SIGHUP')
  await until(() => /reloaded: 1 workers/.test(readFileSync(daemon.log, 'utf8')))
  assert.equal((await request(daemon.target, '/')).status, 200)
  process.kill(daemon.pid, 'SIGTERM')
  await until(() => !isAlive(daemon.pid))
  assert.equal(existsSync(daemon.pidfile), false)
  assert.equal(existsSync(daemon.target.socketPath), false)
})

test('what the application prints goes to the log file, and follows it after a rotation', async () => {
  await using dir = await tempDir()
  const app = await dir.write(
    'app.mjs',
    'export default (request, response) => { console.log("printed", request.url); response.end() }',
  )
  await using daemon = await startDaemon([], app)
  await request(daemon.target, '/one')
  await until(() => readFileSync(daemon.log, 'utf8').includes('printed /one'))
  renameSync(daemon.log, `${daemon.log}.1`)
  process.kill(daemon.pid, 'SIGUSR1')
  await until(() => existsSync(daemon.log) && readFileSync(daemon.log, 'utf8').includes('log files reopened'))
  const [worker = 0] = childPids(daemon.pid)
  await until(() => readlinkSync(`/proc/${worker}/fd/1`) === daemon.log)
  await request(daemon.target, '/two')
  await until(() => readFileSync(daemon.log, 'utf8').includes('printed /two'))
  assert.doesNotMatch(readFileSync(`${daemon.log}.1`, 'utf8'), /printed \/two/)
})

test('tsicorn ctl reopen opens error log and access log anew, and nothing of after it is in the old files', async () => {
  await using dir = await tempDir()
  const [access, socket] = [dir.join('access.log'), dir.join('control.sock')]
  const flags = ['--access-logfile', access, '--access-logformat', '%(U)s', '--control-socket', socket]
  await using daemon = await startDaemon(['-w', '2', ...flags])
  const logged = (file: string): string => readFileSync(file, 'utf8')
  await request(daemon.target, '/one')
  await until(() => logged(access) === '/one\n')
  for (const file of [access, daemon.log]) renameSync(file, `${file}.1`)
  assert.equal((await spawnCli(['ctl', 'reopen', '--control-socket', socket])).code, 0)
  await until(() => existsSync(access) && logged(daemon.log).includes('log files reopened'))
  for (const pid of childPids(daemon.pid)) {
    const held = () => readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
    await until(() => !held().some((path) => path.endsWith('log.1')))
  }
  await request(daemon.target, '/two')
  await until(() => logged(access) === '/two\n')
  assert.equal(logged(`${access}.1`), '/one\n')
})

test('relative paths and a relative --chdir mean what they mean in the foreground', async () => {
  await using dir = await tempDir()
  await dir.write('site/app.mjs', 'export default (q, r) => r.end(process.cwd())')
  const flags = ['-D', '--chdir', 'site', '-p', 'run.pid', '--error-logfile', 'error.log', './app.mjs']
  const { code, stderr } = await spawnCli([...flags, '-b', `unix:${dir.join('s')}`], { cwd: dir.path })
  assert.equal(code, 0, stderr)
  const pid = Number(readFileSync(dir.join('site/run.pid'), 'utf8'))
  try {
    assert.equal((await request({ socketPath: dir.join('s') }, '/')).body, dir.join('site'))
    assert.ok(existsSync(dir.join('site/error.log')))
  } finally {
    killTree(pid)
  }
})

test('an application that cannot be loaded ends the command with status 4 and the reason, and nothing stays', async () => {
  await using dir = await tempDir()
  const { code, stderr } = await spawnCli([...place(dir), findApp('throws-at-import')])
  assert.equal(code, 4)
  assert.equal(stderr.match(/this application cannot be loaded/g)?.length, 1, stderr)
  assert.match(readFileSync(dir.join('log'), 'utf8'), /this application cannot be loaded/)
  assert.equal(existsSync(dir.join('pid')), false)
  assert.equal(existsSync(dir.join('s')), false)
})

test('one that never becomes ready ends it with status 3, an address in use with 5, nonsense with 2', async () => {
  await using dir = await tempDir()
  const slow = await spawnCli([...place(dir), findApp('never-ready'), '--boot-timeout', '1'])
  assert.equal(slow.code, 3)
  assert.match(slow.stderr, /not ready within 1 s/)
  writeFileSync(dir.join('s'), 'no socket')
  const taken = await spawnCli([...place(dir), findApp('obedient')])
  assert.equal(taken.code, 5)
  assert.match(taken.stderr, /a regular file stands there/)
  const wrong = await spawnCli([...place(dir), findApp('obedient'), '--workers', 'many'])
  assert.equal(wrong.code, 2)
  assert.equal(wrong.stderr.match(/--workers/g)?.length, 1, 'said once')
})

test('a daemon without a log file, on a descriptor, or under a service manager is refused in words', async () => {
  await using dir = await tempDir()
  const app = findApp('obedient')
  const silent = await spawnCli(['-D', app])
  assert.equal(silent.code, 2)
  assert.match(silent.stderr, /expected errorLogfile to be a file with daemon/)
  const descriptor = await spawnCli([...place(dir), app, '-b', 'fd://3'])
  assert.equal(descriptor.code, 2)
  assert.match(descriptor.stderr, /no fd:\/\/ address with daemon/)
  for (const env of [{ NOTIFY_SOCKET: dir.join('notify') }, { LISTEN_FDS: '1' }]) {
    const managed = await spawnCli([...place(dir), app], { env })
    assert.equal(managed.code, 2)
    assert.match(managed.stderr, /no --daemon under a service manager/)
  }
})

test('a hand-over works in the background too, and the new master is as detached as the old', async () => {
  await using daemon = await startDaemon(['--drain-idle', '0.2'])
  process.kill(daemon.pid, 'SIGUSR2')
  await until(() => /serves beside us/.test(readFileSync(daemon.log, 'utf8')))
  const heir = Number(readFileSync(`${daemon.pidfile}.2`, 'utf8'))
  try {
    process.kill(daemon.pid, 'SIGTERM')
    await until(() => Number(readFileSync(daemon.pidfile, 'utf8')) === heir)
    assert.equal((await request(daemon.target, '/')).status, 200)
    assert.equal(session(heir).terminal, 0)
  } finally {
    killTree(heir)
  }
})

const place = (dir: TempDir): readonly string[] => [
  ...['-D', '-b', `unix:${dir.join('s')}`, '-p', dir.join('pid'), '--error-logfile', dir.join('log')],
]

async function startDaemon(flags: readonly string[], app = findApp('obedient')) {
  const dir = await tempDir()
  const result = await spawnCli([...place(dir), ...flags, app])
  if (result.code !== 0) throw new Error(`the daemon did not start: ${result.stderr}`)
  const pid = Number(readFileSync(dir.join('pid'), 'utf8'))
  const release = async () => {
    killTree(pid)
    await until(() => !isAlive(pid))
    await dir[Symbol.asyncDispose]()
  }
  return {
    ...{ result, pid, log: dir.join('log'), pidfile: dir.join('pid'), target: { socketPath: dir.join('s') } },
    [Symbol.asyncDispose]: release,
  }
}

/** Session and controlling terminal, the sixth and seventh field of /proc/PID/stat (proc(5)). */
function session(pid: number): { readonly session: number; readonly terminal: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [, , , session, terminal] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { session: Number(session), terminal: Number(terminal) }
}

/** A daemon is in no process group of ours. */
function killTree(pid: number): void {
  for (const member of isAlive(pid) ? [...childPids(pid), pid] : []) {
    try {
      process.kill(member, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
}
