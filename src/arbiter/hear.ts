import { exitCodes } from '../contract/exit-codes.ts'
import { mostWorkers } from '../contract/most-workers.ts'
import type { MasterSignal } from '../contract/signals.ts'
import { handOver } from './hand-over.ts'
import { orderHook } from './order-hook.ts'
import { askReload, dropReload } from './reload.ts'
import { stop } from './stop.ts'
import { change, note, resume, retire, type Turn } from './turn.ts'

/** Every signal has its case. What a signal asks for may have to wait, but no signal is lost and none ends the master by surprise. */
export function hear(turn: Turn, signal: MasterSignal): void {
  const why = whyIdle(turn, signal)
  if (why !== null) return note(turn, 'info', 'signal.idle', `${signal} changes nothing: ${why}`)
  switch (signal) {
    case 'SIGTERM':
      return stop(turn, { quick: false, exit: exitCodes.ok, because: 'SIGTERM' })
    case 'SIGINT':
    case 'SIGQUIT':
      return stop(turn, { quick: true, exit: exitCodes.ok, because: signal })
    case 'SIGHUP':
      return askReload(turn)
    case 'SIGTTIN':
      return scale(turn, 1)
    case 'SIGTTOU':
      return scale(turn, -1)
    case 'SIGUSR1':
      return reopenLogs(turn)
    case 'SIGUSR2':
      return handOver(turn)
    case 'SIGWINCH':
      return pause(turn)
  }
}

/** Who closes the window of a program that runs in it has done with it, as with any other program. */
export function hangUp(turn: Turn): void {
  if (turn.state.stage.name === 'stopping') return
  stop(turn, { quick: false, exit: exitCodes.ok, because: 'its terminal was closed' })
}

export function reopenLogs(turn: Turn): void {
  turn.orders.push({ type: 'reopenLogs' })
  note(turn, 'info', 'logs.reopened', 'log files reopened')
}

/** What cannot matter in the state the server is in; null when the signal does something. */
function whyIdle({ state }: Turn, signal: MasterSignal): string | null {
  const isPaused = state.stage.name === 'paused'
  if (isPaused && (signal === 'SIGTTOU' || signal === 'SIGWINCH')) return 'the workers are stopped'
  if (state.stage.name !== 'stopping') return null
  if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') {
    return state.stage.quick ? 'the server is stopping at once' : null
  }
  return signal === 'SIGUSR1' || signal === 'SIGUSR2' ? null : 'the server is stopping'
}

function scale(turn: Turn, by: 1 | -1): void {
  const { target, stage, scaled } = turn.state
  if (stage.name === 'paused') return scaleTo(turn, 1)
  const before = target
  want(turn, target + by)
  change(turn, { scaled: { ...scaled, by: scaled.by + turn.state.target - before } })
}

/** Wants so many workers, within bounds; a paused server begins again with them. */
export function scaleTo(turn: Turn, workers: number): void {
  resume(turn)
  want(turn, workers)
  change(turn, { scaled: { to: turn.state.target, by: 0 } })
}

function want(turn: Turn, workers: number): void {
  const { target } = turn.state
  const wanted = Math.min(mostWorkers, Math.max(1, workers))
  if (wanted !== workers) {
    note(turn, 'warning', 'workers.limit', `${wanted} workers: there is at least 1 and at most ${mostWorkers}`)
  }
  change(turn, { target: wanted })
  if (wanted !== target) orderHook(turn, { name: 'workersChanged', now: wanted, before: target })
  note(turn, 'info', 'workers.wanted', `${wanted} workers wanted, were ${target}`, { workers: wanted, before: target })
}

function pause(turn: Turn): void {
  const { stage } = turn.state
  if (turn.limits.onTerminal || stage.name === 'stopping' || stage.name === 'paused') return
  change(turn, { stage: { name: 'paused', was: stage.name } })
  dropReload(turn, 'the workers are stopped')
  note(turn, 'warning', 'master.paused', 'workers stopped on SIGWINCH; connections wait until SIGHUP or SIGTTIN')
  for (const worker of turn.state.workers) {
    if (worker.phase !== 'leaving') retire(turn, worker, 'paused', turn.limits.gracefulTimeout)
  }
}
