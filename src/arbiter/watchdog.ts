import type { Notifier } from '../system/notify.ts'
import type { Limits, State } from './state.ts'

/**
 * Whether the service is alive, for the service manager's watchdog: the master turns, and so does at least one worker.
 * A single hung worker is the master's own affair.
 */
export function isAlive(state: State, now: number, limits: Limits): boolean {
  if (state.stage.name !== 'running') return true
  const silence = limits.timeout === 0 ? Number.POSITIVE_INFINITY : limits.timeout
  return state.workers.some((worker) => worker.phase === 'ready' && now - worker.lastBeat < silence)
}

/** Pings the service manager twice in each of its periods (sd_watchdog_enabled(3)), as long as the service is alive. */
export class Watchdog {
  readonly #notifier: Notifier
  readonly #every: number | null
  #last = Number.NEGATIVE_INFINITY

  /** `period` is the service manager's, in milliseconds; null when it keeps no watch. */
  constructor(notifier: Notifier, period: number | null) {
    this.#notifier = notifier
    this.#every = period === null ? null : period / 2
  }

  /** Milliseconds until the next ping is due. */
  until(now: number): number {
    return this.#every === null ? Number.POSITIVE_INFINITY : Math.max(0, this.#last + this.#every - now)
  }

  ping(now: number, alive: boolean): void {
    if (!alive || this.#every === null || now - this.#last < this.#every) return
    this.#last = now
    this.#notifier.send({ WATCHDOG: 1 })
  }
}
