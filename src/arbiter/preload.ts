import { exitCodes } from '../contract/exit-codes.ts'
import { holdUntilMended } from './reload.ts'
import type { BootFailure } from './state.ts'
import { stop } from './stop.ts'
import { change, note, type Turn } from './turn.ts'

/** Before the first worker: the application is loaded once where that is wanted. */
export function beginPreload(turn: Turn): void {
  if (!turn.limits.preload) return
  change(turn, { hold: { until: 'preloaded', since: turn.now } })
  turn.orders.push({ type: 'preload' })
}

/** What cannot be loaded once cannot be loaded by any worker: it is said once, and ends the server. */
export function endPreload(turn: Turn, failure: BootFailure | null): void {
  const { hold, stage } = turn.state
  if (hold.until !== 'preloaded' || stage.name === 'stopping') return
  if (failure === null) {
    const seconds = Math.round((turn.now - hold.since) / 100) / 10
    change(turn, { hold: { until: 'nothing' } })
    return note(turn, 'info', 'master.preloaded', `the application loads, in ${seconds} s; the workers start`)
  }
  change(turn, { lastError: `the application cannot start: ${failure.message}` })
  if (turn.limits.waitsForChange) return holdUntilMended(turn, failure)
  const exit = failure.stage === 'load' ? exitCodes.appLoad : exitCodes.workerBoot
  note(turn, 'critical', 'worker.cannot-start', `no worker can start: ${failure.message}`, { exit, fix: failure.fix })
  stop(turn, { quick: true, exit, because: 'the application could not be loaded' })
}
