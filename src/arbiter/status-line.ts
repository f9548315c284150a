import { exitCodes } from '../contract/exit-codes.ts'
import type { Booting, State, Worker } from './state.ts'

/** How the server is, in one line for whoever reads `systemctl status`. */
export function statusLine(state: State): string {
  switch (state.stage.name) {
    case 'starting':
      return startingLine(state)
    case 'paused':
      return `no worker serves: stopped by SIGWINCH; connections wait until SIGHUP or SIGTTIN${draining(state)}`
    case 'stopping':
      if (state.stage.exit !== exitCodes.ok && state.lastError !== null) return `failed: ${state.lastError}`
      if (state.stage.closesAt !== null) return 'stopping soon: connections are taken until balancers have noticed'
      return `stopping${draining(state) || ': all workers have left'}`
    case 'running':
      return runningLine(state)
  }
}

function startingLine({ workers, target, hold, lastError }: State): string {
  if (hold.until === 'preloaded') return 'starting: loading the application once, to try it'
  if (hold.until === 'mended') return `waiting for a change: ${lastError}`
  return `starting: ${count(workers, 'ready')} of ${target} workers are ready`
}

function runningLine(state: State): string {
  const { reload, workers, target, lastReload, lastError } = state
  const serving = count(workers, 'ready')
  const serve = `${Math.min(serving, target)} of ${target} workers serve`
  if (reload.phase === 'trying') return `${serve}; reloading: trying config and application`
  if (reload.phase === 'rolling') return `${serve}; reloading: ${renewed(state)} of ${target} replaced`
  const missing = serving < target && lastError !== null ? `; ${lastError}` : ''
  return `${serve}${missing}${lastReload === null ? '' : `; ${lastReload}`}`
}

function renewed({ workers, generation }: State): number {
  return workers.filter((worker) => worker.phase === 'ready' && worker.generation === generation).length
}

/** What is still to be finished. A worker that has not told yet is counted as having nothing. */
function draining({ workers }: State): string {
  const left = workers.filter((worker): worker is Exclude<Worker, Booting> => worker.phase !== 'booting')
  if (left.length === 0) return ''
  const requests = left.reduce((sum, worker) => sum + (worker.beat?.inFlight ?? 0), 0)
  return `: draining ${several(requests, 'request')} in ${several(left.length, 'worker')}`
}

function count(workers: readonly Worker[], phase: Worker['phase']): number {
  return workers.filter((worker) => worker.phase === phase).length
}

function several(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
