import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { startLoadIn } from './load.ts'
import { onReleases } from './on-every-release.ts'
import { domain, machineWithSite, masterPid, newest, visit, workerPids } from './site.ts'

onReleases(
  'the newest Node.js',
  (release) => machineWithSite(release),
  {
    'it runs master and workers, and the site answers': async (system) => {
      for (const pid of [await masterPid(system), ...(await workerPids(system))])
        assert.match(await system.run(`readlink /proc/${pid}/exe`), /^\/usr\/bin\/node$/)
      assert.match(await system.run('node --version'), /^v26\./)
      const { status, body } = await visit(system, '/whoami')
      assert.equal(status, 200)
      assert.match(body, /127\.0\.0\.1/)
    },
    'a reload under load loses no request': async (system) => {
      const before = await workerPids(system)
      await using load = startLoadIn(system, {
        target: { port: 443 },
        tls: { servername: domain },
        headers: { host: domain },
      })
      await load.progress(50)
      await system.run('systemctl reload site.service')
      await load.progress(50)
      const { lost, statuses, sent } = await load.stop()
      assert.deepEqual({ lost, statuses }, { lost: [], statuses: { 200: sent } })
      const isReplaced = async () => (await workerPids(system)).every((pid) => !before.includes(pid))
      await until(isReplaced, { what: 'the workers of before to have left', within: 30_000 })
    },
    'the first request after a stop starts the service': async (system) => {
      await system.run('systemctl stop site.service')
      assert.equal((await visit(system, '/')).status, 200)
    },
  },
  [newest],
)
