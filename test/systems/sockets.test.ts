import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { startLoadIn } from './load.ts'
import { onEveryRelease } from './on-every-release.ts'
import { domain, masterPid, visit, workerPids } from './site.ts'

const browser = { target: { port: 443 }, tls: { servername: domain }, headers: { host: domain } } as const

onEveryRelease(
  'the sockets between nginx and the server',
  { app: 'obedient' },
  {
    'they belong to the site, and nginx comes in by its group': async (system) => {
      const listed = await system.run('stat --format="%n %F %U %G %a" /run/site/*.sock')
      assert.match(listed, /^\/run\/site\/1\.sock socket site www-data 660$/m)
      assert.match(listed, /^\/run\/site\/2\.sock socket site www-data 660$/m)
      const ask = 'curl -sf --max-time 10 --unix-socket /run/site/1.sock http://x/'
      assert.equal((await system.attempt(ask, { as: 'www-data' })).code, 0)
      await system.run('useradd stranger')
      const refused = await system.attempt(ask.replace('-sf', '-sSf'), { as: 'stranger' })
      assert.notEqual(refused.code, 0)
      const tried = await system.attempt('echo > /run/site/1.sock', { as: 'stranger' })
      assert.match(tried.stderr, /Permission denied/)
    },
    'each has that group from its first moment, before systemd gives it its owner': async (system) => {
      const bind = 'import socket; socket.socket(socket.AF_UNIX).bind("/run/site/new.sock")'
      const look = 'stat --format="%U %G" /run/site/new.sock; rm /run/site/new.sock'
      assert.equal(await system.run(`python3 -c '${bind}'; ${look}`), 'root www-data')
    },
    'the control socket is for the service’s user and root alone': async (system) => {
      const listed = await system.run('stat --format="%F %U %G %a" /run/site/control.sock')
      assert.equal(listed.trim(), 'socket site www-data 600')
      const ask = 'tsicorn ctl status --json --name site'
      for (const as of ['root', 'site'])
        assert.match((await system.attempt(ask, { as })).stdout, /"state": ?"running"/, as)
      for (const as of ['www-data', 'nobody']) assert.equal((await system.attempt(ask, { as })).code, 1, as)
    },
    'the first request starts the service': async (system) => {
      await system.run('systemctl stop site.service')
      assert.equal((await system.attempt('systemctl is-active site.service')).stdout.trim(), 'inactive')
      const { status, error } = await visit(system, '/')
      assert.equal(status, 200, error)
      await until(async () => (await system.attempt('systemctl is-active site.service')).stdout === 'active\n')
    },
    'a restart under load loses no request': async (system) => {
      await using load = startLoadIn(system, { ...browser, method: 'POST', body: 'x'.repeat(2000) })
      await load.progress(50)
      const before = await masterPid(system)
      await system.run('systemctl restart site.service')
      await load.progress(50)
      assert.notEqual(await masterPid(system), before)
      const { lost, statuses, sent } = await load.stop()
      assert.deepEqual({ lost, statuses }, { lost: [], statuses: { 200: sent } })
    },
    'the sockets outlive a crash of the whole server': async (system) => {
      const inode = () => system.run('stat --format=%i /run/site/1.sock /run/site/2.sock')
      const [before, master] = [await inode(), await masterPid(system)]
      const processes = [master, ...(await workerPids(system))]
      await system.run(`kill -KILL ${master}`)
      // A worker that is about to be killed too may still take a request with it.
      const left = async () => (await system.attempt(`ps -o pid= -p ${processes.join()}`)).stdout.trim()
      await until(async () => (await left()) === '', { what: 'the processes of the server to be gone' })
      assert.equal((await visit(system, '/')).status, 200)
      await until(async () => ![0, master].includes(await masterPid(system)), { what: 'a new master', within: 30_000 })
      assert.equal(await inode(), before)
    },
  },
)
