import assert from 'node:assert/strict'
import { mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { findApp, launcher } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { startServer } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'

for (const { controller, file, value, reason } of [
  { controller: 'cpu', file: 'cpu.cfs_quota_us', value: 100_000, reason: '1 CPUs by the quota of the cgroup' },
  {
    controller: 'memory',
    file: 'memory.limit_in_bytes',
    value: 255 * 1024 * 1024,
    reason: '255 MB of memory in the cgroup',
  },
]) {
  test(`--workers auto goes by the ${controller} limit of the cgroup, and --print-config says so`, async (context) => {
    const group = makeGroup(controller, { [file]: value })
    if (group === null) return context.skip(`needs a ${controller} cgroup of version 1 that may be written`)
    try {
      const under = ['-c', 'echo $$ > "$0/cgroup.procs" && exec "$@"', group] as const
      const flags = ['-w', 'auto']
      {
        await using server = await startServer({ app: 'obedient', flags, under: ['sh', ...under] })
        assert.equal(server.workers().length, 1)
      }
      const command = [process.execPath, launcher, ...flags, '--print-config', findApp('obedient')]
      const printed = await runProgram('sh', [...under, ...command], { env: cleanEnvironment() })
      assert.match(printed.stdout, new RegExp(`^workers += auto .*; 1 on this machine, because of ${reason}`, 'm'))
    } finally {
      await until(() => {
        rmdirSync(group)
        return true
      })
    }
  })
}

/** A cgroup with these limits, or null where there can be none. */
function makeGroup(controller: string, limits: Readonly<Record<string, number>>): string | null {
  const path = `/sys/fs/cgroup/${controller}/tsicorn-auto-${process.pid}`
  try {
    mkdirSync(path)
    for (const [file, value] of Object.entries(limits)) writeFileSync(`${path}/${file}`, String(value))
    return path
  } catch {
    return null
  }
}
