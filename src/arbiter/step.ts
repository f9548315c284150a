import { keepInformed } from './announce.ts'
import { attend } from './attend.ts'
import type { Event, Order } from './events.ts'
import { hangUp, hear } from './hear.ts'
import { settle } from './settle.ts'
import { type Limits, longestPause, type State, type Worker } from './state.ts'
import type { Turn } from './turn.ts'

/**
 * The master's life, one event at a time: from what is and what happened to what is now and what must be done.
 * It does nothing itself; the loop carries out the orders and reports what comes of them as events.
 */
export function step(state: State, event: Event, now: number, limits: Limits): readonly [State, readonly Order[]] {
  const turn: Turn = { state: forgivePause(state, now), orders: [], now, limits }
  if (event.type === 'signalled') hear(turn, event.signal)
  else if (event.type === 'hungUp') hangUp(turn)
  else attend(turn, event)
  settle(turn)
  keepInformed(turn)
  return [turn.state, turn.orders]
}

/**
 * A master that was itself stopped (a laptop asleep, a paused machine, SIGSTOP) has heard nobody meanwhile,
 * and may not blame the workers for it: their clocks are moved on by the time it missed.
 */
function forgivePause(state: State, now: number): State {
  const missed = now - state.lastStep - longestPause
  if (missed < longestPause) return { ...state, lastStep: now }
  return { ...state, lastStep: now, workers: state.workers.map((worker) => later(worker, missed)) }
}

function later(worker: Worker, by: number): Worker {
  const since = worker.since + by
  if (worker.phase === 'ready') return { ...worker, since, lastBeat: worker.lastBeat + by }
  if (worker.phase === 'leaving') {
    const lastBeat = worker.lastBeat === null ? null : worker.lastBeat + by
    return { ...worker, since, lastBeat, deadline: worker.deadline + by }
  }
  return { ...worker, since }
}
