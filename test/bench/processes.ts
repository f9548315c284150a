import { readdirSync, readFileSync } from 'node:fs'

/** The processor time that some processes have used so far, in microseconds: the kernel counts it in nanoseconds a thread. */
export function processorTime(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + timeOf(pid), 0) / 1000
}

function timeOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]), 0)
  } catch {
    return 0
  }
}

/** Resident memory of a process, in MiB. */
export function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]) / 1024
}

function read(path: string): string {
  return readFileSync(path, 'latin1')
}
