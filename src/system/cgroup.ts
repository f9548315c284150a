import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { readProc } from './proc.ts'

/** Reads a file of the cgroup file system by its path below /sys/fs/cgroup; null when there is none. */
export type ReadCgroup = (path: string) => string | null

const readCgroup: ReadCgroup = (path) => {
  try {
    return readFileSync(posix.join('/sys/fs/cgroup', path), 'utf8').trim()
  } catch {
    return null
  }
}

/** CPUs' worth of time that the cgroups around us allow, or null where they set no limit (cgroups(7)). */
export function cpuQuota(read = readCgroup, membership = readProc('self/cgroup') ?? ''): number | null {
  const places = placesOf(membership, 'cpu')
  const quotas = places.flatMap((place) => {
    const [time, period] = read(`${place}/cpu.max`)?.split(' ') ?? [
      read(`${place}/cpu.cfs_quota_us`),
      read(`${place}/cpu.cfs_period_us`),
    ]
    const quota = Number(time) / Number(period)
    return time !== null && quota > 0 && Number.isFinite(quota) ? [quota] : []
  })
  return quotas.length === 0 ? null : Math.min(...quotas)
}

/** Version 1 writes "no limit" as the highest page-aligned number. */
const unlimited = 2 ** 60

/** Bytes of memory that the cgroups around us allow, or null where they set no limit. */
export function memoryLimit(read = readCgroup, membership = readProc('self/cgroup') ?? ''): number | null {
  const limits = placesOf(membership, 'memory').flatMap((place) => {
    const files = ['memory.max', 'memory.high', 'memory.limit_in_bytes']
    return files.map((file) => Number(read(`${place}/${file}`) ?? Number.NaN)).filter((limit) => limit < unlimited)
  })
  return limits.length === 0 ? null : Math.min(...limits)
}

/**
 * How many processes of our cgroup any out-of-memory killer has ended so far, or null where nobody counts
 * (Documentation/admin-guide/cgroup-v2.rst, memory.events; version 1 counts in memory.oom_control).
 */
export function oomKills(read = readCgroup, membership = readProc('self/cgroup') ?? ''): number | null {
  // The nearest that counts: those above count for others too.
  const places = placesOf(membership, 'memory').toSorted((one, other) => other.length - one.length)
  for (const place of places) {
    const text = read(`${place}/memory.events`) ?? read(`${place}/memory.oom_control`) ?? ''
    const count = /^oom_kill (\d+)$/m.exec(text)?.[1]
    if (count !== undefined) return Number(count)
  }
  return null
}

/** The same for the whole machine: `oom_kill` of /proc/vmstat. */
export function oomKillsOfHost(text = readProc('vmstat') ?? ''): number | null {
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1]
  return count === undefined ? null : Number(count)
}

/** The cgroup we are in and all above it: each sets a limit for those below. */
function placesOf(membership: string, controller: string): readonly string[] {
  return membership.split('\n').flatMap((line) => {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (path === '') return []
    if (controllers === '') return ancestors(path)
    // Inside a container the path is that of the host, and the limit stands at the top.
    return controllers.split(',').includes(controller)
      ? ancestors(path).flatMap((up) => [`/${controllers}${up}`, `/${controller}${up}`])
      : []
  })
}

function ancestors(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..')
  return [...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`), '/']
}
