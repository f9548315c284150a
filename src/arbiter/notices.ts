import type { Logger } from '../log/logger.ts'
import { monotonicMicroseconds, type Notifier } from '../system/notify.ts'
import type { Notice, Order } from './events.ts'

type Notify = Extract<Order, { type: 'notify' }>

/** Tells the service manager how we are, whom to follow, or to wait longer than it would, in the words of sd_notify(3). */
export function inform(
  notifier: Notifier,
  order: Notify | Extract<Order, { type: 'notifyMainPid' | 'extendTimeout' }>,
  log: Logger,
): void {
  if (order.type === 'notify') tell(notifier, order, log)
  else if (order.type === 'notifyMainPid') notifier.send({ MAINPID: order.pid })
  else notifier.send({ EXTEND_TIMEOUT_USEC: Math.round(order.ms * 1000) })
}

/** A deaf service manager is a warning, no more, and not at each status. */
function tell(notifier: Notifier, { state, status }: Notify, log: Logger): void {
  const problem = notifier.send({ ...lines(state), STATUS: status })
  if (problem !== null && state !== 'status')
    log.warning({ event: 'notify.failed' }, `the service manager cannot be told "${status}": ${problem}`)
}

function lines(state: Notice): Record<string, string | number> {
  if (state === 'ready') return { READY: 1 }
  if (state === 'stopping') return { STOPPING: 1 }
  if (state === 'reloading') return { RELOADING: 1, MONOTONIC_USEC: monotonicMicroseconds() }
  return {}
}
