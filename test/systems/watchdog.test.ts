import assert from 'node:assert/strict'
import { slowness } from '../helpers/slowness.ts'
import { until } from '../helpers/until.ts'
import { onEveryRelease } from './on-every-release.ts'
import { masterPid, visit, workerPids } from './site.ts'
import type { System } from './system.ts'

onEveryRelease(
  'the watchdog',
  { app: 'obedient' },
  {
    'a worker that hangs is replaced, and the service is not restarted': async (system) => {
      // A slow machine needs some seconds to say where a worker hangs.
      await dropIn(system, `Environment=TSICORN_TIMEOUT=${slowness > 1 ? 15 : 2}`)
      const before = await workerPids(system)
      const hanging = visit(system, '/block/60000', ['--data', 'never sent to a second worker'])
      const replaced = async () => (await workerPids(system)).filter((pid) => before.includes(pid)).length === 1
      await until(replaced, { what: 'the worker that hangs to be replaced', within: 40_000 })
      assert.ok([502, 504].includes((await hanging).status))
      assert.equal((await visit(system, '/')).status, 200)
      assert.equal(await restarts(system), 0)
      assert.match(await system.run('journalctl --no-pager --unit=site.service'), /obedient\.mjs:\d+/)
    },
    'a master that no longer says it is well is restarted': async (system) => {
      await dropIn(system, `WatchdogSec=${slowness > 1 ? 15 : 3}s`)
      const master = await masterPid(system)
      await system.run(`kill -STOP ${master}`)
      await until(async () => ![0, master].includes(await masterPid(system)), { what: 'a new master', within: 60_000 })
      await until(async () => (await visit(system, '/')).status === 200, { what: 'the site to answer', within: 30_000 })
      assert.ok((await restarts(system)) >= 1)
      assert.match(await system.run('journalctl --no-pager --unit=site.service'), /Watchdog timeout/)
    },
    'the generated unit has a watchdog': async (system) => {
      await system.run('rm -r /etc/systemd/system/site.service.d; systemctl daemon-reload')
      const period = await system.run('systemctl show --property=WatchdogUSec --value site.service')
      assert.notEqual(period, '0')
      assert.notEqual(period, 'infinity')
    },
  },
)

async function dropIn(system: System, line: string): Promise<void> {
  await system.write('/etc/systemd/system/site.service.d/test.conf', `[Service]\n${line}\n`)
  await system.run('systemctl daemon-reload; systemctl restart site.service')
}

async function restarts(system: System): Promise<number> {
  return Number(await system.run('systemctl show --property=NRestarts --value site.service'))
}
