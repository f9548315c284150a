import type { Logger } from '../log/logger.ts'
import { monotonicMicroseconds, type Notifier } from '../system/notify.ts'
import type { Notice, Order } from './events.ts'

/** Tells the service manager how we are, in the words of sd_notify(3). A deaf one is a warning, no more, and not at each status. */
export function tell(notifier: Notifier, { state, status }: Extract<Order, { type: 'notify' }>, log: Logger): void {
  const problem = notifier.send({ ...lines(state), STATUS: status })
  if (problem !== null && state !== 'status')
    log.warning({ event: 'notify.failed' }, `the service manager cannot be told "${status}": ${problem}`)
}

/** Asks the service manager to wait longer than it would, in whole microseconds. */
export function askPatience(notifier: Notifier, ms: number): void {
  notifier.send({ EXTEND_TIMEOUT_USEC: Math.round(ms * 1000) })
}

function lines(state: Notice): Record<string, string | number> {
  if (state === 'ready') return { READY: 1 }
  if (state === 'stopping') return { STOPPING: 1 }
  if (state === 'reloading') return { RELOADING: 1, MONOTONIC_USEC: monotonicMicroseconds() }
  return {}
}
