import type { LoopFigures } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'

const nanosecondsPerMs = 1e6
/** How often it is looked: an idle worker wakes up for nothing else as often. */
const resolutionMs = 100

/** Watches how late timers are where somebody may ask over the control socket; null where nobody does, or metrics tell. */
export function watchLoop({ controlSocket, metricsBind, statsdHost }: ServerConfig): (() => LoopFigures) | null {
  if (controlSocket === null || metricsBind !== null || statsdHost !== null) return null
  const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks')
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  let before = performance.eventLoopUtilization()
  return () => {
    const now = performance.eventLoopUtilization()
    const { utilization: utilisation } = performance.eventLoopUtilization(now, before)
    before = now
    const late = delays.percentile(99) / nanosecondsPerMs - resolutionMs
    delays.reset()
    return { delayMs: Number.isFinite(late) ? Math.max(0, late) : 0, utilisation }
  }
}
