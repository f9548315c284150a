import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const skip = process.getuid?.() !== 0 && 'needs root to change the user'

/** Tells what it was while it was being loaded, and what it can take back. */
const witness = `import { readFileSync } from 'node:fs'
const seen = readFileSync('/proc/self/status', 'utf8')
const attempt = (act) => { try { act(); return 'done' } catch (error) { return error.code } }
const back = { uid: attempt(() => process.setuid(0)), gid: attempt(() => process.setgid(0)), groups: attempt(() => process.setgroups([0])), shadow: attempt(() => readFileSync('/etc/shadow')) }
export default (request, response) => response.end(JSON.stringify({ seen, back, pid: process.pid }))
`

type Witness = { readonly seen: string; readonly back: Readonly<Record<string, string>>; readonly pid: number }

for (const [what, flags, uid, gid] of [
  ['names', ['--user', 'nobody', '--group', 'daemon'], 65534, 1],
  ['ids', ['--user', '54321', '--group', '54322'], 54321, 54322],
] as const) {
  test(`with user and group by ${what}, the application never sees root, and there is no way back`, {
    skip,
  }, async () => {
    await using place = await openPlace()
    const app = await place.write('app.mjs', witness)
    await using server = await startServer({
      ...{ app, cwd: place.path },
      flags: [...flags, '-w', '2', '-b', `unix:${place.join('s')}`],
    })
    const { seen, back } = (await request(server.target, '/')).json() as Witness
    assert.equal(field(seen, 'Uid'), `${uid} ${uid} ${uid} ${uid}`)
    assert.equal(field(seen, 'Gid'), `${gid} ${gid} ${gid} ${gid}`)
    assert.equal(field(seen, 'Groups'), String(gid))
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) assert.match(field(seen, set), /^0+$/, set)
    assert.deepEqual(back, { uid: 'EPERM', gid: 'EPERM', groups: 'EPERM', shadow: 'EACCES' })
    const { uid: owner, gid: group, mode } = statSync(server.socketPath)
    assert.deepEqual([owner, group, mode & 0o777], [uid, gid, 0o660])
  })
}

test('a worker has exactly the supplementary groups that the group database gives its user', { skip }, async (t) => {
  const user = 'postgres'
  const known = /\d/.test(idOf('-u', user))
  if (!known) return t.skip(`there is no user ${user} with several groups here`)
  await using place = await openPlace()
  const app = await place.write('app.mjs', witness)
  await using server = await startServer({
    ...{ app, cwd: place.path },
    flags: ['--user', user, '-b', `unix:${place.join('s')}`],
  })
  const { seen } = (await request(server.target, '/')).json() as Witness
  const groups = idOf('-G', user).split(' ')
  assert.deepEqual(field(seen, 'Groups').split(' ').sort(), groups.sort())
})

for (const workerClass of [
  ['-k', 'async'],
  ['-k', 'threads', '--threads', '3'],
] as const) {
  test(`no thread of a worker of class ${workerClass[1]} is root any more`, { skip }, async () => {
    await using place = await openPlace()
    const app = await place.write('app.mjs', 'export default (request, response) => response.end()')
    const flags = ['--user', 'nobody', '--group', 'daemon', '-b', `unix:${place.join('s')}`, ...workerClass]
    await using server = await startServer({ app, cwd: place.path, flags })
    assert.equal((await request(server.target, '/')).status, 200)
    const tasks = server.workers().flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((id) => `${pid}/task/${id}`))
    assert.ok(tasks.length > 4, `${tasks.length} threads`)
    for (const task of tasks) {
      const seen = readFileSync(`/proc/${task}/status`, 'utf8')
      const ids = ['Uid', 'Gid', 'Groups'].map((name) => field(seen, name))
      assert.deepEqual(ids, ['65534 65534 65534 65534', '1 1 1 1', '1'], task)
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) assert.match(field(seen, set), /^0+$/, set)
    }
  })
}

test('the log is written by master and workers after root is left, also when it is opened anew', { skip }, async () => {
  await using place = await openPlace()
  const app = await place.write(
    'app.mjs',
    `export default (request, response) => { if (request.url === '/throw') setImmediate(() => { throw new Error('as told') }); response.end(String(process.pid)) }`,
  )
  const log = place.join('error.log')
  const flags = ['--user', 'nobody', '-b', `unix:${place.join('s')}`, '--error-logfile', log, '-p', place.join('pid')]
  await using server = await quietServer({ app, flags, cwd: place.path, log })
  assert.equal(statSync(log).uid, 65534)
  renameSync(log, `${log}.1`)
  process.kill(server.pid, 'SIGUSR1')
  await until(() => existsSync(log) && /log files reopened/.test(readFileSync(log, 'utf8')))
  assert.equal(statSync(log).uid, 65534)
  await request({ socketPath: place.join('s') }, '/throw').catch(() => null)
  await until(() => /nobody caught .*as told/.test(readFileSync(log, 'utf8')), { what: "the worker's own record" })
  assert.doesNotMatch(readFileSync(`${log}.1`, 'utf8'), /as told/)
})

for (const [flags, words] of [
  [['--user', 'no-such-user'], /there is no user "no-such-user"/],
  [['--group', 'no-such-group'], /there is no group "no-such-group"/],
  [['--user', '54321'], /user id 54321 has no entry/],
] as const) {
  test(`${flags.join(' ')} ends with status 2 before anything is started`, async () => {
    await using place = await openPlace()
    const all = [...flags, '-b', `unix:${place.join('s')}`, '-p', place.join('pid')]
    const { code, stderr } = await spawnCli([findApp('obedient'), ...all])
    assert.equal(code, 2)
    assert.match(stderr, words)
    assert.doesNotMatch(stderr, /^\s+at /m)
    assert.equal(existsSync(place.join('s')) || existsSync(place.join('pid')), false)
  })
}

test('without root, to become somebody else is refused with status 2 and a way out', { skip }, async () => {
  await using place = await openPlace()
  const { launcher } = await import('../helpers/repository.ts')
  const { runProgram } = await import('../helpers/run-program.ts')
  const become = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, launcher]
  const args = [...become, findApp('obedient'), '--user', 'daemon', '-b', `unix:${place.join('s')}`]
  const { code, stderr } = await runProgram('setpriv', args, { env: { PATH: process.env['PATH'] }, cwd: place.path })
  assert.equal(code, 2)
  assert.match(stderr, /cannot become user daemon .*only root may/)
  assert.equal(existsSync(place.join('s')), false)
})

/** A folder that everybody may enter and write. */
async function openPlace(): Promise<TempDir> {
  const dir = await tempDir()
  chmodSync(dir.path, 0o777)
  return dir
}

function field(status: string, name: string): string {
  const text = new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? ''
  return text.trim().replaceAll(/\s+/g, ' ')
}

function idOf(flag: string, user: string): string {
  try {
    return execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return ''
  }
}

type Quiet = { readonly app: string; readonly flags: readonly string[]; readonly cwd: string; readonly log: string }

/** A server that writes to a file, so that its ready line has to be read there. */
async function quietServer(plan: Quiet): Promise<Pick<Server, 'pid'> & AsyncDisposable> {
  const { launcher } = await import('../helpers/repository.ts')
  const { spawnGroup } = await import('../helpers/process-group.ts')
  const { cleanEnvironment } = await import('../helpers/clean-environment.ts')
  const options = { cwd: plan.cwd, env: cleanEnvironment(), stdio: 'ignore' } as const
  const group = spawnGroup(process.execPath, [launcher, plan.app, ...plan.flags], options)
  await until(() => /1 workers serve/.test(readFileSync(plan.log, 'utf8')), { within: 30_000 })
  return { pid: group.pid, [Symbol.asyncDispose]: () => group.kill() }
}
