import assert from 'node:assert/strict'
import { until } from '../helpers/until.ts'
import { onEveryRelease } from './on-every-release.ts'
import { masterPid, visit, workerPids } from './site.ts'
import type { System } from './system.ts'

onEveryRelease(
  'limits and losses',
  { app: 'obedient' },
  {
    'the limits of the unit are in force': async (system) => {
      const told = await properties(system, ['MemoryMax', 'TasksMax'])
      assert.match(told['MemoryMax'] ?? '', /^\d+$/)
      assert.match(told['TasksMax'] ?? '', /^\d+$/)
      assert.equal(await inForce(system, 'memory', 'memory.limit_in_bytes', 'memory.max'), told['MemoryMax'])
      assert.equal(await inForce(system, 'pids', 'pids.max', 'pids.max'), told['TasksMax'])
    },
    'one worker that runs out of memory is replaced, and the service stays': async (system) => {
      await system.run('systemctl set-property --runtime site.service MemoryMax=400M MemorySwapMax=0')
      // Nothing is hogged before the kernel is known to hold the service to its limit.
      assert.equal(await inForce(system, 'memory', 'memory.limit_in_bytes', 'memory.max'), String(400 << 20))
      const [master, before] = [await masterPid(system), await workerPids(system)]
      const { status } = await visit(system, '/hog/600', ['--data', 'never sent to a second worker'])
      assert.ok([502, 504].includes(status), `${status}`)
      const after = await until(async () => {
        const pids = await workerPids(system)
        return pids.length === 2 && pids.some((pid) => !before.includes(pid)) && pids
      })
      assert.ok(
        after.some((pid) => before.includes(pid)),
        'the other worker lives',
      )
      assert.equal(await masterPid(system), master)
      await until(async () => (await visit(system, '/')).status === 200, { what: 'the site to answer' })
      assert.equal(await system.run('systemctl is-active site.service'), 'active')
      assert.match(await system.run('journalctl --no-pager --unit=site.service'), /memory/i)
    },
    'after a reboot the site is back': async (system) => {
      await system.reboot()
      await until(async () => (await visit(system, '/')).status === 200, { what: 'the site to answer', within: 60_000 })
      assert.equal(await system.run('systemctl is-active site.service'), 'active')
    },
  },
)

async function properties(system: System, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const shown = await system.run(`systemctl show ${names.map((name) => `--property=${name}`).join(' ')} site.service`)
  return Object.fromEntries(shown.split('\n').map((line) => line.split('=')))
}

/** What the kernel holds the service to, in cgroup v1 or v2. */
function inForce(system: System, controller: string, v1: string, v2: string): Promise<string> {
  const group = 'system.slice/site.service'
  return system.run(`cat /sys/fs/cgroup/${controller}/${group}/${v1} 2>/dev/null || cat /sys/fs/cgroup/${group}/${v2}`)
}
