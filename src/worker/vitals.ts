import type { Vitals } from '../contract/tally.ts'

const nanosecondsPerMs = 1e6
const microsecondsPerSecond = 1e6
const resolutionMs = 20

/** Begins to watch how the process fares; each call of what it returns tells how it did since the last. */
export function watchVitals(): () => Vitals {
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  const collected = countCollections()
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    const late = (ns: number): number => (Number.isFinite(ns) ? Math.max(0, ns / nanosecondsPerMs - resolutionMs) : 0)
    const loopDelayMs = { mean: late(delays.mean), p99: late(delays.percentile(99)), max: late(delays.max) }
    delays.reset()
    const { heapUsed, heapTotal, external } = process.memoryUsage()
    const { user, system } = process.cpuUsage()
    return {
      ...{ loopUtilisation: utilization, loopDelayMs },
      ...{ heapUsedBytes: heapUsed, heapTotalBytes: heapTotal, externalBytes: external },
      ...{ collections: collected.count, collectionMs: collected.ms },
      cpuSeconds: (user + system) / microsecondsPerSecond,
    }
  }
}

function countCollections(): { readonly count: number; readonly ms: number } {
  const collected = { count: 0, ms: 0 }
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      collected.count += 1
      collected.ms += duration
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return collected
}
