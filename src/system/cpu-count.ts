import { availableParallelism } from 'node:os'
import { cpuQuota, memoryLimit } from './cgroup.ts'

export type WorkerCount = {
  readonly count: number
  /** Why that many, for people: `2 CPUs`, `1.5 CPUs by the cgroup's quota`. */
  readonly reason: string
}

/** What a worker with a small application needs, in bytes: Node's own 60 MB, and as much again. */
const memoryPerWorker = 128 * 1024 * 1024

export type Room = {
  /** CPUs the process may run on. */
  readonly parallelism: number
  /** CPUs' worth of time a cgroup allows, or null. */
  readonly quota: number | null
  /** Bytes a cgroup allows, or null. */
  readonly memory: number | null
}

/** How many workers this machine, or the cgroup we are in, has room for. At least one. */
export function availableWorkers(
  room: Room = { parallelism: availableParallelism(), quota: cpuQuota(), memory: memoryLimit() },
): WorkerCount {
  const { parallelism, quota, memory } = room
  const limits: readonly WorkerCount[] = [
    { count: parallelism, reason: parallelism === 1 ? '1 CPU' : `${parallelism} CPUs` },
    // Rounded up: with less than a process a CPU, a part of what is allowed could never be used.
    ...(quota === null ? [] : [{ count: Math.ceil(quota), reason: `${round(quota)} CPUs by the quota of the cgroup` }]),
    ...(memory === null ? [] : [{ count: Math.floor(memory / memoryPerWorker), reason: memoryReason(memory) }]),
  ]
  const least = limits.reduce((one, other) => (other.count < one.count ? other : one))
  return { count: Math.max(1, least.count), reason: least.reason }
}

function memoryReason(memory: number): string {
  const mebibyte = 1024 * 1024
  return `${round(memory / mebibyte)} MB of memory in the cgroup, ${memoryPerWorker / mebibyte} MB a worker`
}

function round(number: number): number {
  return Math.round(number * 100) / 100
}
