import type { ControlAnswer } from '../contract/control.ts'
import { mostWorkers } from '../contract/most-workers.ts'
import { announce } from './announce.ts'
import type { TrialOutcome } from './events.ts'
import { orderHook } from './order-hook.ts'
import type { BootFailure } from './state.ts'
import { change, note, readyWorkers, resume, retire, type Turn } from './turn.ts'

/**
 * Begins a reload, or remembers that one is wanted after the one that runs: any number of requests meanwhile are one.
 * An asker is answered when the reload it asked for has ended.
 */
export function askReload(turn: Turn, asker: number | null = null): void {
  const { stage, reload, askers, hold } = turn.state
  const next = asker === null ? askers.next : [...askers.next, asker]
  if (stage.name === 'stopping') return
  change(turn, { askers: { ...askers, next }, scaled: { to: null, by: 0 } })
  const starting = stage.name === 'starting' && hold.until !== 'mended'
  if (starting || reload.phase !== 'idle') {
    if (!turn.state.reloadAsked) {
      const when = starting ? 'the first workers are ready' : 'the one that runs is over'
      note(turn, 'info', 'reload.waiting', `reload asked for: it begins when ${when}`)
    }
    return change(turn, { reloadAsked: true })
  }
  beginReload(turn)
}

export function beginReload(turn: Turn): void {
  const { askers, stage } = turn.state
  change(turn, {
    reload: { phase: 'trying', since: turn.now },
    reloadAsked: false,
    askers: { now: askers.next, next: [] },
  })
  if (stage.name !== 'starting') announce(turn, 'reloading')
  turn.orders.push({ type: 'try' })
  note(turn, 'info', 'reload.trying', 'reload asked for: trying config and application')
}

/** A trial that failed changes nothing; one that passed begins a new generation. */
export function endTrial(turn: Turn, outcome: TrialOutcome): void {
  const { reload, scaled } = turn.state
  if (reload.phase !== 'trying') return
  if (!outcome.ok) return abortReload(turn, outcome.message, outcome.fix)
  const before = turn.state.target
  const unscaled = before - scaled.by
  orderHook(turn, { name: 'onReload' })
  change(turn, {
    reload: { phase: 'rolling', since: turn.now, before: unscaled },
    generation: turn.state.generation + 1,
    hold: { until: 'nothing' },
    backoffs: [],
  })
  wantAnew(turn, turn.limits.workers)
  resume(turn)
}

/** Wants as many workers as a config says, and what TTIN, TTOU and the control socket made of it since the reload was asked for. */
function wantAnew(turn: Turn, workers: number): void {
  const { scaled, target: before } = turn.state
  const now = Math.min(mostWorkers, Math.max(1, (scaled.to ?? workers) + scaled.by))
  change(turn, { target: now })
  if (now !== before) orderHook(turn, { name: 'workersChanged', now, before })
}

/** Takes back what the new config changed. Workers that have it already serve on: they are well. */
function takeBack(turn: Turn): void {
  const { reload } = turn.state
  if (reload.phase !== 'rolling') return
  const generation = turn.state.generation + 1
  change(turn, { generation })
  turn.orders.push({ type: 'restoreConfig', generation })
  wantAnew(turn, reload.before)
}

/** Leaves the workers that serve as they are, and says why. */
export function abortReload(turn: Turn, reason: string, fix: string | null): void {
  const then = turn.limits.waitsForChange ? '; waiting for a change' : ''
  const message = `reload failed${whoServes(turn)}: ${reason}${then}`
  takeBack(turn)
  endReload(turn, { ok: false, message, fix })
  note(turn, 'error', 'reload.failed', message, { fix })
}

function whoServes(turn: Turn): string {
  if (turn.state.stage.name === 'paused') return ', the workers stay stopped'
  return readyWorkers(turn).length === 0 ? '' : ', the old workers serve on'
}

/**
 * When nobody of an older generation is left and every slot is served, the reload is over. Successors that still start
 * are those of new workers that are due again: where requests are many there always is one.
 */
export function finishReload(turn: Turn): void {
  const { reload, generation, workers, target } = turn.state
  if (reload.phase !== 'rolling') return
  if (workers.some((worker) => worker.phase !== 'leaving' && worker.generation !== generation)) return
  const served = new Set(readyWorkers(turn).map(({ slot }) => slot)).size
  if (served < target) return
  const seconds = Math.round((turn.now - reload.since) / 100) / 10
  const message = `reloaded: ${served} workers replaced in ${seconds} s`
  endReload(turn, { ok: true, message })
  note(turn, 'info', 'reload.done', message, { workers: served, generation })
}

/** How many changed files are told by name. */
const mostNames = 3

/** The sources have changed, and whoever changed them wants to see it. */
export function heedSources(turn: Turn, files: readonly string[]): void {
  const names = files.slice(0, mostNames).join(', ')
  const more = files.length > mostNames ? ` and ${files.length - mostNames} more` : ''
  note(turn, 'info', 'reload.files-changed', `${names}${more} changed`, { files: files.length })
  askReload(turn)
}

/** The first start has failed: said once, and tried again when the code has changed. */
export function holdUntilMended(turn: Turn, { message, fix }: BootFailure): void {
  for (const worker of turn.state.workers) {
    if (worker.phase === 'booting') retire(turn, worker, 'reload-aborted', 0)
  }
  change(turn, { hold: { until: 'mended' } })
  if (turn.state.reload.phase !== 'idle') return abortReload(turn, message, fix)
  note(turn, 'error', 'worker.cannot-start', `the application cannot start: ${message}; waiting for a change`, { fix })
}

/** Ends the reload early because the server stops or pauses; who waited for it is told, the service manager too. */
export function dropReload(turn: Turn, why: string): void {
  const { askers, reload, stage } = turn.state
  change(turn, { askers: { now: [...askers.now, ...askers.next], next: [] } })
  tellAskers(turn, { ok: false, message: `no reload: ${why}`, fix: null })
  if (stage.name !== 'stopping') takeBack(turn)
  change(turn, { reload: { phase: 'idle' }, reloadAsked: false })
  if (reload.phase !== 'idle' && stage.name !== 'stopping') announce(turn, 'ready')
  turn.orders.push({ type: 'abandonTrial' })
}

function endReload(turn: Turn, outcome: ControlAnswer): void {
  change(turn, { reload: { phase: 'idle' }, lastReload: outcome.message })
  if (turn.state.stage.name !== 'starting') announce(turn, 'ready')
  tellAskers(turn, outcome)
}

function tellAskers(turn: Turn, answer: ControlAnswer): void {
  for (const id of turn.state.askers.now) turn.orders.push({ type: 'answer', id, answer })
  change(turn, { askers: { ...turn.state.askers, now: [] } })
}
