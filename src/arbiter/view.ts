import type { StatusView, WorkerView } from '../contract/control.ts'
import type { State, Worker } from './state.ts'

type Surroundings = {
  readonly version: string
  /** When the master began, on the clock of `now`. */
  readonly startedAt: number
  readonly book: { readonly labels: readonly string[] }
}

/** What an operator sees of the master. */
export function statusOf(state: State, now: number, { version, startedAt, book }: Surroundings): StatusView {
  return {
    pid: process.pid,
    version,
    node: process.version,
    uptimeSeconds: Math.round((now - startedAt) / 1000),
    listeners: book.labels,
    state: state.stage.name,
    wanted: state.target,
    reload: state.reload.phase,
    lastReload: state.lastReload,
    lastError: state.lastError,
    workers: state.workers.map((worker) => workerOf(worker, now)),
  }
}

function workerOf(worker: Worker, now: number): WorkerView {
  const beat = worker.phase === 'booting' ? null : worker.beat
  return {
    id: worker.id,
    slot: worker.slot,
    pid: worker.pid,
    state: worker.phase,
    seconds: Math.round((now - worker.since) / 1000),
    generation: worker.generation,
    requests: beat?.requests ?? 0,
    inFlight: beat?.inFlight ?? 0,
    connections: beat?.connections ?? 0,
    rssBytes: beat?.rssBytes ?? 0,
  }
}
