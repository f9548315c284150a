import type { Backoff, Ready } from './state.ts'
import { change, type Turn } from './turn.ts'

/** A worker that lived this long was well; its death is a first one. */
const wellAfter = 10_000

const firstDelay = 1000
const longestDelay = 16_000

/** Records a death after readiness and returns how long the slot stays empty: not at all the first time. */
export function delayAfterDeath(turn: Turn, worker: Ready): number {
  const lived = turn.now - worker.since
  const deaths = lived < wellAfter ? deathsOf(turn, worker.slot) + 1 : 1
  return record(turn, { slot: worker.slot, deaths, delay: deaths === 1 ? 0 : doubling(deaths - 2) })
}

/** Records a start that failed and returns how long the slot stays empty. */
export function delayAfterBootFailure(turn: Turn, slot: number): number {
  const deaths = deathsOf(turn, slot) + 1
  return record(turn, { slot, deaths, delay: doubling(deaths - 1) })
}

/** How often in a row a signal may interrupt the starts of a slot before it is no coincidence. */
const mostInterruptions = 2

/** Records a start that a signal from outside cut short, which is no fault of the application, and says whether to repeat it at once. */
export function mayRepeat(turn: Turn, slot: number): boolean {
  const deaths = deathsOf(turn, slot) + 1
  if (deaths > mostInterruptions) return false
  record(turn, { slot, deaths, delay: 0 })
  return true
}

/** When the slot's next worker may be started. */
export function mayStart(turn: Turn, slot: number): boolean {
  return turn.now >= (turn.state.backoffs.find((entry) => entry.slot === slot)?.notBefore ?? 0)
}

function doubling(times: number): number {
  return Math.min(longestDelay, firstDelay * 2 ** times)
}

function deathsOf(turn: Turn, slot: number): number {
  return turn.state.backoffs.find((entry) => entry.slot === slot)?.deaths ?? 0
}

function record(turn: Turn, { slot, deaths, delay }: { slot: number; deaths: number; delay: number }): number {
  const entry: Backoff = { slot, deaths, notBefore: turn.now + delay }
  change(turn, { backoffs: [...turn.state.backoffs.filter((other) => other.slot !== slot), entry] })
  return delay
}
