import { exitCodes } from '../contract/exit-codes.ts'
import type { LeavingReason, Release, ToMaster } from '../contract/messages.ts'
import { answer } from './answer.ts'
import { delayAfterBootFailure, delayAfterDeath } from './backoff.ts'
import { describeExit, type Exit } from './describe-exit.ts'
import type { Event } from './events.ts'
import { attendKin } from './hand-over.ts'
import { isInterrupted } from './interruption.ts'
import { leaveWords } from './leave-words.ts'
import { orderHook, portray } from './order-hook.ts'
import { beginPreload, endPreload } from './preload.ts'
import { abortReload, endTrial, heedSources, holdUntilMended } from './reload.ts'
import type { BootFailure, Booting, Ready, Worker } from './state.ts'
import { stop } from './stop.ts'
import { change, find, known, markLeaving, note, put, remove, retire, type Turn } from './turn.ts'

/** Takes in what workers and the trial report. */
export function attend(turn: Turn, event: Exclude<Event, { type: 'signalled' | 'hungUp' }>): void {
  if (event.type === 'tried') return endTrial(turn, event.outcome)
  if (event.type === 'elapsed') return
  if (event.type === 'begun') {
    beginPreload(turn)
    return orderHook(turn, { name: 'workersChanged', now: turn.state.target, before: null })
  }
  if (event.type === 'asked') return answer(turn, event.id, event.request)
  if (event.type === 'preloaded') return endPreload(turn, event.failure)
  if (event.type === 'sourcesChanged') return heedSources(turn, event.files)
  if (!('worker' in event)) return attendKin(turn, event)
  const worker = find(turn, event.worker)
  if (worker === undefined) return
  switch (event.type) {
    case 'spawned':
      return put(turn, { ...worker, pid: event.pid })
    case 'said':
      return hearWorker(turn, worker, event.message)
    case 'unspawnable':
      remove(turn, worker.id)
      return cannotStart(turn, worker, { stage: 'boot', message: event.message, fix: null })
    case 'exited':
      remove(turn, worker.id)
      return bury(turn, worker, event)
  }
}

function hearWorker(turn: Turn, worker: Worker, message: ToMaster): void {
  if (message.type === 'ready' && worker.phase === 'booting') return welcome(turn, worker, message.release ?? null)
  if (message.type === 'failed' && worker.phase === 'booting') return put(turn, { ...worker, failure: message })
  if (message.type === 'leaving' && worker.phase === 'booting') return letGoEarly(turn, worker)
  if (worker.phase === 'booting') return
  if (message.type === 'beat') put(turn, { ...worker, lastBeat: turn.now, beat: message, stall: null })
  if (message.type === 'stalled') put(turn, { ...worker, stall: message })
  if (worker.phase === 'leaving') return
  if (message.type === 'leaving') return letGo(turn, worker, message.reason)
  if (message.type === 'recycle' && worker.recycle === null) {
    const { reason, requests, rssBytes } = message
    put(turn, { ...worker, recycle: reason })
    const words = `worker ${worker.id} is to be replaced: ${reason}, after ${requests} requests`
    note(turn, 'info', 'worker.recycling', words, { ...known(worker), requests, rssBytes })
  }
}

function welcome(turn: Turn, { id, slot, generation, pid, born, since }: Booting, release: Release | null): void {
  const worker: Ready = {
    ...{ phase: 'ready', id, slot, generation, pid, born, since: turn.now },
    ...{ lastBeat: turn.now, beat: null, stall: null, listens: [], recycle: null, release },
  }
  put(turn, worker)
  note(turn, 'debug', 'worker.ready', `worker ${id} is ready after ${Math.round(turn.now - since)} ms`, known(worker))
}

/** Told to stop by a TERM of its own while it loads, it has nothing to finish. */
function letGoEarly(turn: Turn, worker: Booting): void {
  if (isInterrupted(turn, worker, 'SIGTERM')) markLeaving(turn, worker, 'signal', turn.limits.gracefulTimeout)
}

/** A worker that goes on its own account finishes its requests while its successor already starts. */
function letGo(turn: Turn, worker: Ready, reason: LeavingReason): void {
  const delay = reason === 'signal' ? 0 : delayAfterDeath(turn, worker)
  markLeaving(turn, worker, reason, turn.limits.gracefulTimeout)
  change(turn, { lastError: `worker ${worker.id} leaves: ${leaveWords[reason]}` })
  const then = delay === 0 ? 'its successor starts' : `its successor starts in ${delay / 1000} s`
  note(turn, 'warning', 'worker.leaving', `worker ${worker.id} leaves: ${leaveWords[reason]}; ${then}`, {
    ...known(worker),
    delayMs: delay,
  })
}

function bury(turn: Turn, worker: Worker, exit: Exit): void {
  const reason = describeExit(exit, worker)
  const { code, signal } = exit
  orderHook(turn, { name: 'childExit', worker: portray(worker, turn.now), exit: { code, signal, reason } })
  mourn(turn, worker, { code, signal, reason })
}

function mourn(turn: Turn, worker: Worker, exit: Exit & { readonly reason: string }): void {
  const how = exit.reason
  const fields = {
    ...known(worker),
    code: exit.code,
    signal: exit.signal,
    phaseMs: Math.round(turn.now - worker.since),
  }
  if (worker.phase === 'leaving') {
    const level = worker.killed ? 'warning' : 'debug'
    return note(turn, level, 'worker.left', `worker ${worker.id} ${how}`, fields)
  }
  if (worker.phase === 'booting') {
    if (isInterrupted(turn, worker, exit.signal)) return
    // Its last words are lost where the channel is full or broken; the status says as much.
    const stage = exit.code === exitCodes.appLoad ? 'load' : 'boot'
    return cannotStart(turn, worker, worker.failure ?? { stage, message: `it ${how}`, fix: null })
  }
  died(turn, worker, { how, fields })
}

function died(
  turn: Turn,
  worker: Ready,
  { how, fields }: { how: string; fields: Record<string, string | number | null> },
): void {
  const delay = delayAfterDeath(turn, worker)
  const then =
    delay === 0 ? 'it is replaced' : `it has died soon after start before: the next start is in ${delay / 1000} s`
  change(turn, { lastError: `worker ${worker.id} ${how}` })
  note(turn, 'error', 'worker.died', `worker ${worker.id} (pid ${worker.pid}) ${how}; ${then}`, {
    ...fields,
    delayMs: delay,
  })
}

/**
 * Before the server was ever complete, one worker that cannot start ends it: nothing has been promised yet, and a loop
 * of failing starts helps nobody. During a reload it ends the reload. Later it is tried again, more and more slowly.
 */
export function cannotStart(turn: Turn, worker: Worker, failure: BootFailure): void {
  const exit = failure.stage === 'load' ? exitCodes.appLoad : exitCodes.workerBoot
  const fields = { ...known(worker), exit, fix: failure.fix }
  const { stage, reload, generation } = turn.state
  if (stage.name === 'stopping') return
  change(turn, { lastError: `worker ${worker.id} cannot start: ${failure.message}` })
  if (stage.name === 'starting' && turn.limits.waitsForChange) return holdUntilMended(turn, failure)
  if (stage.name === 'starting') {
    note(turn, 'critical', 'worker.cannot-start', `no worker can start: ${failure.message}`, fields)
    return stop(turn, { quick: true, exit, because: 'a worker could not start' })
  }
  const delay = delayAfterBootFailure(turn, worker.slot)
  if (reload.phase === 'rolling' && worker.generation === generation) {
    for (const other of turn.state.workers) {
      if (other.phase === 'booting') retire(turn, other, 'reload-aborted', 0)
    }
    return abortReload(turn, failure.message, failure.fix)
  }
  const message = `worker ${worker.id} cannot start: ${failure.message}; the next try is in ${delay / 1000} s`
  note(turn, 'error', 'worker.cannot-start', message, { ...fields, delayMs: delay })
}
