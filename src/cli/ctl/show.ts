import type { StatusView, WorkerView } from '../../contract/control.ts'
import { columns, escapeControl, type Paint } from '../paint.ts'

/** A status as a person reads it. */
export function showStatus(view: StatusView, paint: Paint): string {
  const facts = [
    ['state', view.state === 'running' ? paint.green(view.state) : paint.yellow(view.state)],
    ['master', `pid ${view.pid}, up ${duration(view.uptimeSeconds)}, tsicorn ${view.version}, Node ${view.node}`],
    ['listening', view.listeners.join(', ')],
    ['reload', [view.reload, view.lastReload].filter((text) => text !== null).join('; last: ')],
    ...(view.lastError === null ? [] : [['last error', paint.red(escapeControl(view.lastError))]]),
  ]
  const lines = columns(facts.map(([name = '', text = '']) => [paint.dim(name), text]))
  return [...lines, '', showWorkers(view.workers, paint)].join('\n')
}

export function showWorkers(workers: readonly WorkerView[], paint: Paint): string {
  const head = ['worker', 'slot', 'pid', 'state', 'for', 'requests', 'in flight', 'connections', 'memory']
  const rows = workers.map((worker) => [
    ...[String(worker.id), String(worker.slot), String(worker.pid ?? '-'), worker.state, duration(worker.seconds)],
    ...[String(worker.requests), String(worker.inFlight), String(worker.connections)],
    worker.rssBytes === 0 ? '-' : `${Math.round(worker.rssBytes / 2 ** 20)} MB`,
  ])
  return columns([head.map((word) => paint.dim(word)), ...rows]).join('\n')
}

export function showSettings(view: Readonly<Record<string, string>>): string {
  return columns(Object.entries(view).map(([name, value]) => [name, '=', escapeControl(value)])).join('\n')
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
