import { basename } from 'node:path'
import type { ConfigView, ListenerView, StatsView, StatusView, WorkerView } from '../../contract/control.ts'
import { columns, escapeControl, type Paint } from '../paint.ts'

/** A status as a person reads it. */
export function showStatus(view: StatusView, paint: Paint): string {
  const ago = view.lastErrorSeconds === null ? '' : `${duration(view.lastErrorSeconds)} ago: `
  const facts = [
    ['state', view.state === 'running' ? paint.green(view.state) : paint.yellow(view.state)],
    ['status', escapeControl(view.status)],
    ['master', `pid ${view.pid}, up ${duration(view.uptimeSeconds)}, tsicorn ${view.version}, Node ${view.node}`],
    ['listening', view.listeners.map(escapeControl).join(', ')],
    [
      'reload',
      [view.reload, view.lastReload].flatMap((text) => (text === null ? [] : escapeControl(text))).join('; last: '),
    ],
    ...(view.lastError === null ? [] : [['last error', paint.red(escapeControl(ago + view.lastError))]]),
  ]
  const lines = columns(facts.map(([name = '', text = '']) => [paint.dim(name), text]))
  return [...lines, '', showWorkers(view.workers, paint)].join('\n')
}

const heads = ['worker', 'slot', 'pid', 'state', 'age', 'requests', 'in flight', 'conns', 'memory', 'loop', 'delay']

export function showWorkers(workers: readonly WorkerView[], paint: Paint): string {
  const head = [...heads, 'release', ''].map((word) => paint.dim(word))
  return columns([head, ...workers.map((worker) => workerRow(worker, paint))]).join('\n')
}

function workerRow(worker: WorkerView, paint: Paint): readonly string[] {
  const { loopDelayMs: delay, loopUtilisation: busy, rssBytes, remark } = worker
  const state = { ready: paint.green, booting: paint.yellow, leaving: paint.dim }[worker.state](worker.state)
  const slow = delay !== null && delay >= 100 ? paint.red : (text: string) => text
  return [
    ...[String(worker.id), String(worker.slot), String(worker.pid ?? '-'), state, duration(worker.ageSeconds)],
    ...[String(worker.requests), String(worker.inFlight), String(worker.connections)],
    rssBytes === 0 ? '-' : `${Math.round(rssBytes / 2 ** 20)} MB`,
    busy === null ? '-' : `${Math.round(busy * 100)} %`,
    delay === null ? '-' : slow(`${delay} ms`),
    showRelease(worker),
    remark === null ? '' : paint.yellow(escapeControl(remark)),
  ]
}

/** The directory that the link leads to tells releases apart better than the version does, which few change. */
function showRelease({ release }: WorkerView): string {
  if (release === null) return '-'
  const { directory, version, path } = release
  const parts = [...(directory === null ? [] : [basename(directory)]), ...(version === null ? [] : [`v${version}`])]
  return escapeControl(parts.length === 0 ? basename(path) : parts.join(' '))
}

export function showConfig(view: ConfigView, paint: Paint): string {
  const rows = Object.entries(view).map(([name, { value, layer, from }]) => {
    const source = layer === 'default' ? '# default' : `# from ${escapeControl(from)}`
    return [name, `= ${escapeControl(value)}`, paint.dim(source)]
  })
  return columns(rows).join('\n')
}

export function showStats(view: StatsView, paint: Paint): string {
  const counts = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([why, count]) => `${count} ${why}`)
      .join(', ') || 'none'
  const { succeeded, failed } = view.reloads
  const rows = [
    ['up', duration(view.uptimeSeconds)],
    [
      'requests',
      `${view.requests}; ${view.requestsPerSecond} a second in the last ${duration(Math.round(view.sinceSeconds))}`,
    ],
    ['in flight', `${view.inFlight}, on ${view.connections} connections`],
    ['workers', `${view.workersStarted} started; ended: ${counts(view.exits)}`],
    ['recycled', counts(view.recycles)],
    ['reloads', `${succeeded} done, ${failed === 0 ? '0 failed' : paint.red(`${failed} failed`)}`],
    ...(view.lastReload === null ? [] : [['last reload', escapeControl(view.lastReload)]]),
  ]
  return columns(rows.map(([name = '', text = '']) => [paint.dim(name), text])).join('\n')
}

export function showListeners(view: readonly ListenerView[], paint: Paint): string {
  const rows = view.map(({ address, slot, backlog, queue }) => {
    const waiting = queue === null ? '-' : String(queue)
    const full = queue !== null && queue >= backlog / 2
    return [
      escapeControl(address),
      slot === null ? 'all' : String(slot),
      full ? paint.red(waiting) : waiting,
      String(backlog),
    ]
  })
  return columns([['address', 'slot', 'waiting', 'backlog'].map((word) => paint.dim(word)), ...rows]).join('\n')
}

export function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
