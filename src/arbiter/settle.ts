import { announce } from './announce.ts'
import { mayStart } from './backoff.ts'
import { assign, forsaken } from './cover.ts'
import { orderHook } from './order-hook.ts'
import { killOverdue } from './overdue.ts'
import { beginReload, finishReload } from './reload.ts'
import { closeInTime } from './stop.ts'
import { change, known, note, put, readyWorkers, retire, spawn, type Turn } from './turn.ts'

/** Compares what is with what is wanted and orders the difference. */
export function settle(turn: Turn): void {
  killOverdue(turn)
  const { stage } = turn.state
  if (stage.name === 'stopping') {
    closeInTime(turn)
    if (turn.state.workers.length === 0) turn.orders.push({ type: 'exit', code: stage.exit })
    return
  }
  if (stage.name === 'paused') return closeForsaken(turn)
  dismiss(turn)
  fill(turn)
  replace(turn)
  share(turn)
  announceReady(turn)
  finishReload(turn)
  closeForsaken(turn)
  const { stage: after, reload, hold, reloadAsked } = turn.state
  if (reloadAsked && (after.name === 'running' || hold.until === 'mended') && reload.phase === 'idle') beginReload(turn)
}

/** Retires workers whose slot is not wanted, and those whose successor is ready. */
function dismiss(turn: Turn): void {
  const { target } = turn.state
  const newest = new Map(readyWorkers(turn).map((worker) => [worker.slot, worker.id]))
  for (const worker of turn.state.workers) {
    if (worker.phase === 'leaving') continue
    if (worker.slot > target) {
      retire(turn, worker, 'surplus', worker.phase === 'ready' ? turn.limits.gracefulTimeout : 0)
      note(turn, 'info', 'worker.surplus', `worker ${worker.id} leaves: ${target} workers are wanted`, known(worker))
    } else if (worker.phase === 'ready' && newest.get(worker.slot) !== worker.id) {
      retire(turn, worker, 'replaced', turn.limits.gracefulTimeout)
      note(turn, 'info', 'worker.replaced', `worker ${worker.id} leaves: its successor is ready`, known(worker))
    }
  }
}

/** Starts a worker for each slot that has none. */
function fill(turn: Turn): void {
  if (turn.state.hold.until !== 'nothing') return
  const taken = new Set(turn.state.workers.filter((worker) => worker.phase !== 'leaving').map((worker) => worker.slot))
  for (let slot = 1; slot <= turn.state.target; slot++) {
    if (!taken.has(slot) && mayStart(turn, slot)) spawn(turn, slot)
  }
}

/**
 * Starts successors for workers of an older generation and, when there are none, for those that asked for one, a few at
 * a time: a reload comes to its end however often its new workers are due again.
 * Workers that still drain count too: a storm of reloads never makes more than twice the workers wanted.
 */
function replace(turn: Turn): void {
  const { target, generation, reload } = turn.state
  const ready = readyWorkers(turn)
  const outdated = reload.phase === 'rolling' ? ready.filter((worker) => worker.generation < generation) : []
  const isRolling = outdated.length > 0
  const batch = isRolling ? turn.limits.reloadBatch : Math.max(1, Math.floor(target / 4))
  for (const worker of isRolling ? outdated : ready.filter(({ recycle }) => recycle !== null)) {
    const slotStarts = turn.state.workers.some((other) => other.phase === 'booting' && other.slot === worker.slot)
    const room = turn.state.workers.length < Math.max(2, 2 * target)
    if (!slotStarts && room && replacing(turn) < batch && mayStart(turn, worker.slot)) spawn(turn, worker.slot)
  }
}

/** How many workers are being started while their predecessor serves. */
function replacing(turn: Turn): number {
  const served = new Set(readyWorkers(turn).map((worker) => worker.slot))
  return turn.state.workers.filter((worker) => worker.phase === 'booting' && served.has(worker.slot)).length
}

/** Tells each ready worker where to accept, when that has changed. */
function share(turn: Turn): void {
  const chosen = assign(turn.limits.listeners, readyWorkers(turn))
  for (const worker of readyWorkers(turn)) {
    const listens = chosen.get(worker.id) ?? []
    if (listens.length === worker.listens.length && listens.every((id) => worker.listens.includes(id))) continue
    put(turn, { ...worker, listens })
    turn.orders.push({ type: 'listen', worker: worker.id, listeners: listens })
  }
}

/**
 * First of all orders: who leaves in this step looks at the queue for the last time when nobody can join it any more.
 * A step that takes a reload back still has the listeners of before in its limits.
 */
function closeForsaken(turn: Turn): void {
  if (turn.state.reload.phase !== 'idle' || turn.orders.some(({ type }) => type === 'restoreConfig')) return
  const listeners = forsaken(turn.limits.listeners, turn.state.workers)
  if (listeners.length > 0) turn.orders.unshift({ type: 'closeStaleListeners', listeners })
}

function announceReady(turn: Turn): void {
  const { stage, target } = turn.state
  const ready = readyWorkers(turn)
  if (stage.name !== 'starting' || ready.length < target) return
  change(turn, { stage: { name: 'running' } })
  if (turn.state.kin.role === 'predecessor') turn.orders.push({ type: 'tellPredecessor' })
  announce(turn, 'ready')
  note(turn, 'info', 'master.ready', `ready: ${ready.length} of ${target} workers serve`, { workers: target })
  orderHook(turn, { name: 'whenReady' })
}
