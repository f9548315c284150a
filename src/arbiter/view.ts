import { basename } from 'node:path'
import type { StatsView, StatusView, WorkerView } from '../contract/control.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { Account } from './account.ts'
import { leaveWords } from './leave-words.ts'
import type { State, Worker } from './state.ts'
import { statusLine } from './status-line.ts'

export type Seen = {
  readonly state: State
  readonly now: number
  readonly config: Pick<ServerConfig, 'name' | 'app'>
  readonly account: Account
  readonly version: string
  /** When the master began, on the clock of `now`. */
  readonly startedAt: number
  readonly book: { readonly labels: readonly string[] }
}

/** What an operator sees of the master. */
export function statusOf({ state, now, config, account, version, startedAt, book }: Seen): StatusView {
  return {
    pid: process.pid,
    name: config.name ?? basename(config.app ?? ''),
    state: state.stage.name,
    status: statusLine(state),
    version,
    node: process.version,
    uptimeSeconds: seconds(now - startedAt),
    requests: account.requests,
    wanted: state.target,
    reload: state.reload.phase,
    lastReload: state.lastReload,
    lastError: state.lastError,
    lastErrorSeconds: account.lastErrorAt === null ? null : seconds(now - account.lastErrorAt),
    listeners: book.labels,
    workers: state.workers.map((worker) => workerOf(worker, now)),
  }
}

function workerOf(worker: Worker, now: number): WorkerView {
  const { beat, release } = worker.phase === 'booting' ? { beat: null, release: null } : worker
  const vitals = beat?.measurements?.vitals
  const delay = vitals?.loopDelayMs.p99 ?? beat?.loop?.delayMs
  return {
    id: worker.id,
    slot: worker.slot,
    pid: worker.pid,
    state: worker.phase,
    seconds: seconds(now - worker.since),
    ageSeconds: seconds(now - worker.born),
    generation: worker.generation,
    requests: beat?.requests ?? 0,
    inFlight: beat?.inFlight ?? 0,
    connections: beat?.connections ?? 0,
    rssBytes: beat?.rssBytes ?? 0,
    loopDelayMs: delay === undefined ? null : Math.round(delay * 10) / 10,
    loopUtilisation: vitals?.loopUtilisation ?? beat?.loop?.utilisation ?? null,
    release,
    remark: remarkOn(worker),
  }
}

function remarkOn(worker: Worker): string | null {
  if (worker.phase === 'leaving') return `${worker.killed ? 'killed' : 'leaves'}: ${leaveWords[worker.reason]}`
  if (worker.phase === 'booting') return worker.failure?.message ?? null
  if (worker.stall !== null) return `stands still in ${worker.stall.stack[0] ?? 'an unknown place'}`
  return worker.recycle === null ? null : `to be replaced: ${worker.recycle}`
}

/** What was counted, and how fast requests came since somebody last asked. */
export type Asked = { readonly at: number; readonly requests: number }

export function statsOf(
  { state, now, account, startedAt }: Omit<Seen, 'config' | 'version' | 'book'>,
  last: Asked,
): StatsView {
  const workers = state.workers.map((worker) => workerOf(worker, now))
  const sinceSeconds = Math.max(0.001, (now - last.at) / 1000)
  return {
    uptimeSeconds: seconds(now - startedAt),
    requests: account.requests,
    sinceSeconds: Math.round(sinceSeconds * 10) / 10,
    requestsPerSecond: Math.round(((account.requests - last.requests) / sinceSeconds) * 10) / 10,
    inFlight: workers.reduce((sum, { inFlight }) => sum + inFlight, 0),
    connections: workers.reduce((sum, { connections }) => sum + connections, 0),
    workersStarted: account.workersStarted,
    exits: { ...account.exits },
    recycles: { ...account.recycles },
    reloads: { ...account.reloads },
    lastReload: state.lastReload,
  }
}

function seconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000))
}
