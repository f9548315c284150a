import { exitCodes } from '../contract/exit-codes.ts'
import { mostWorkers } from '../contract/most-workers.ts'
import type { MasterSignal } from '../contract/signals.ts'
import { handOver } from './hand-over.ts'
import { askReload, dropReload } from './reload.ts'
import { stop } from './stop.ts'
import { change, note, retire, type Turn } from './turn.ts'

/** Every signal has its case. What a signal asks for may have to wait, but no signal is lost and none ends the master by surprise. */
export function hear(turn: Turn, signal: MasterSignal): void {
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

export function reopenLogs(turn: Turn): void {
  turn.orders.push({ type: 'reopenLogs' })
  note(turn, 'info', 'logs.reopened', 'log files reopened')
}

function scale(turn: Turn, by: 1 | -1): void {
  const { target, stage } = turn.state
  if (stage.name === 'paused' && by === -1) return
  scaleTo(turn, stage.name === 'paused' ? 1 : target + by)
}

/** Wants another number of workers, within bounds; a paused server begins again with it. */
export function scaleTo(turn: Turn, workers: number): void {
  const { target, stage } = turn.state
  if (stage.name === 'stopping') return
  const wanted = Math.min(mostWorkers, Math.max(1, workers))
  if (wanted !== workers) {
    note(turn, 'warning', 'workers.limit', `${wanted} workers: there is at least 1 and at most ${mostWorkers}`)
  }
  if (stage.name === 'paused') change(turn, { stage: { name: 'running' } })
  change(turn, { target: wanted })
  note(turn, 'info', 'workers.wanted', `${wanted} workers wanted, were ${target}`, { workers: wanted, before: target })
}

function pause(turn: Turn): void {
  const { stage } = turn.state
  if (turn.limits.onTerminal || stage.name === 'stopping' || stage.name === 'paused') return
  change(turn, { stage: { name: 'paused' } })
  dropReload(turn, 'the workers are stopped')
  note(turn, 'warning', 'master.paused', 'workers stopped on SIGWINCH; connections wait until SIGHUP or SIGTTIN')
  for (const worker of turn.state.workers) {
    if (worker.phase !== 'leaving') retire(turn, worker, 'paused', turn.limits.gracefulTimeout)
  }
}
