import type { Level, Order } from './events.ts'
import { orderHook, portray } from './order-hook.ts'
import type { LeaveReason, Leaving, Limits, Ready, State, Worker } from './state.ts'

/** One step in the making: the state so far and the orders so far. It lives no longer than the step. */
export type Turn = {
  state: State
  readonly orders: Order[]
  readonly now: number
  readonly limits: Limits
}

export function change(turn: Turn, part: Partial<State>): void {
  turn.state = { ...turn.state, ...part }
}

/** Ends a pause: workers are wanted again. */
export function resume(turn: Turn): void {
  const { stage } = turn.state
  if (stage.name === 'paused') change(turn, { stage: { name: stage.was } })
}

export function find(turn: Turn, id: number): Worker | undefined {
  return turn.state.workers.find((worker) => worker.id === id)
}

export function put(turn: Turn, worker: Worker): void {
  change(turn, { workers: turn.state.workers.map((other) => (other.id === worker.id ? worker : other)) })
}

export function remove(turn: Turn, id: number): void {
  change(turn, { workers: turn.state.workers.filter((worker) => worker.id !== id) })
}

export function readyWorkers(turn: Turn): readonly Ready[] {
  return turn.state.workers.filter((worker) => worker.phase === 'ready')
}

export function spawn(turn: Turn, slot: number): void {
  const { nextId, generation, workers } = turn.state
  const times = { born: turn.now, since: turn.now }
  const worker: Worker = { phase: 'booting', id: nextId, slot, generation, pid: null, ...times, failure: null }
  orderHook(turn, { name: 'preSpawn', worker: portray(worker, turn.now) })
  change(turn, { nextId: nextId + 1, workers: [...workers, worker] })
  turn.orders.push({ type: 'spawn', worker: nextId, slot, generation })
}

/** Asks a worker to finish within `graceMs`; a worker that has not gone some time after that is killed. */
export function retire(turn: Turn, worker: Worker, reason: LeaveReason, graceMs: number): void {
  markLeaving(turn, worker, reason, graceMs)
  turn.orders.push({ type: 'retire', worker: worker.id, graceMs })
}

/** Counts a worker among those that leave, without telling it to. */
export function markLeaving(turn: Turn, worker: Worker, reason: LeaveReason, graceMs: number): void {
  put(turn, leaving(turn, worker, { reason, deadline: turn.now + graceMs + marginMs, killed: false }))
}

export function kill(turn: Turn, worker: Worker, reason: LeaveReason): void {
  put(turn, leaving(turn, worker, { reason, deadline: Number.POSITIVE_INFINITY, killed: true }))
  turn.orders.push({ type: 'kill', worker: worker.id })
}

/** What a worker gets beyond its grace before it is killed: its own deadline comes first. */
const marginMs = 1000

const untold = { lastBeat: null, beat: null, stall: null, release: null }

function leaving(turn: Turn, worker: Worker, rest: Pick<Leaving, 'reason' | 'deadline' | 'killed'>): Leaving {
  const { id, slot, generation, pid, born } = worker
  const { lastBeat, beat, stall, release } = worker.phase === 'booting' ? untold : worker
  const told = { lastBeat, beat, stall, release }
  return { phase: 'leaving', id, slot, generation, pid, born, since: turn.now, ...told, ...rest }
}

export function note(
  turn: Turn,
  level: Level,
  event: string,
  message: string,
  fields: Record<string, string | number | null> = {},
): void {
  turn.orders.push({ type: 'note', level, event, message, fields })
}

/** The fields by which a worker is known in the log. */
export function known({ id, slot, pid }: Worker): {
  worker: number
  slot: number
  workerPid: number | null
} {
  return { worker: id, slot, workerPid: pid }
}
