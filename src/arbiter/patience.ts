import type { Limits, State, Worker } from './state.ts'

/** What a killed process may take to be gone, and the service manager to hear of it. */
const marginMs = 2000

/**
 * How much longer the service manager has to be patient with a start, a reload or a stop, in milliseconds; 0 when there
 * is nothing to wait for. It ends with our own deadlines: who is past them is killed by us.
 */
export function patience(state: State, now: number, limits: Limits): number {
  const ends = [
    ...trialEnd(state, limits),
    ...stopEnd(state, limits),
    ...state.workers.flatMap((worker) => workerEnd(worker, state, limits)),
  ]
  return Math.max(0, ...ends.map((end) => end + marginMs - now))
}

/** A stop that has not begun yet, for the balancers' sake. */
function stopEnd({ stage }: State, { gracefulTimeout }: Limits): readonly number[] {
  return stage.name === 'stopping' && stage.closesAt !== null ? [stage.closesAt + gracefulTimeout] : []
}

function trialEnd({ reload, hold }: State, { bootTimeout }: Limits): readonly number[] {
  if (hold.until === 'preloaded') return [hold.since + bootTimeout]
  return reload.phase === 'trying' ? [reload.since + bootTimeout] : []
}

/** A worker that drains is waited for by a stop, and by a reload as long as it takes the room of a new one. */
function workerEnd(worker: Worker, { stage, reload }: State, { bootTimeout }: Limits): readonly number[] {
  const isComing = stage.name === 'starting' || reload.phase === 'rolling'
  if (worker.phase === 'booting') return isComing ? [worker.since + bootTimeout] : []
  if (worker.phase === 'ready' || !(stage.name === 'stopping' || reload.phase === 'rolling')) return []
  return [worker.killed ? worker.since : worker.deadline]
}
