import { cannotStart } from './attend.ts'
import { orderHook, portray } from './order-hook.ts'
import { type Leaving, type Limits, longestPause, type Ready, type State, type Worker } from './state.ts'
import { change, kill, known, note, type Turn } from './turn.ts'

/** What a stuck worker gets beyond its time as long as it has not told where it is stuck: on a busy machine that takes a while. */
const traceWait = 800

/** Kills whoever is past its time: too long in booting, silent once it was ready, not gone when it should be. */
export function killOverdue(turn: Turn): void {
  for (const worker of turn.state.workers) {
    if (turn.now < deadlineOf(worker, turn.limits)) continue
    if (worker.phase === 'booting') killSlow(turn, worker)
    else if (turn.now >= silenceEnd(worker, turn.limits)) killHung(turn, worker)
    else if (worker.phase === 'leaving') kill(turn, worker, worker.reason)
  }
}

/** Milliseconds until something may be due. */
export function untilNext(state: State, now: number, limits: Limits): number {
  const deadlines = state.workers.map((worker) => deadlineOf(worker, limits))
  const starts = state.backoffs.map((entry) => entry.notBefore).filter((start) => start > now)
  const { stage } = state
  const closes = stage.name === 'stopping' && stage.closesAt !== null ? [stage.closesAt] : []
  return Math.max(0, Math.min(longestPause, ...[...deadlines, ...starts, ...closes].map((time) => time - now)))
}

function deadlineOf(worker: Worker, limits: Limits): number {
  if (worker.phase === 'booting') return worker.since + limits.bootTimeout
  const end = silenceEnd(worker, limits)
  return worker.phase === 'leaving' ? Math.min(worker.deadline, end) : end
}

/** When a worker that has said nothing since its last heartbeat is taken to be stuck. One that is killed says nothing more. */
function silenceEnd(worker: Ready | Leaving, { timeout }: Limits): number {
  const { lastBeat, stall } = worker
  const isAwaited = timeout > 0 && lastBeat !== null && !(worker.phase === 'leaving' && worker.killed)
  return isAwaited ? lastBeat + timeout + (stall === null ? traceWait : 0) : Number.POSITIVE_INFINITY
}

function killHung(turn: Turn, worker: Ready | Leaving): void {
  const { id, pid, stall } = worker
  // Whoever is to mend it looks for a place in the application, not in Node.
  const place = stall?.stack.find((frame) => !frame.includes(' node:')) ?? stall?.stack[0]
  const where = place === undefined ? '' : ` in ${place}`
  const serving = stall === null || stall.requests.length === 0 ? '' : ` while serving ${stall.requests.join(', ')}`
  const message = `worker ${id} (pid ${pid}) has been silent for ${turn.limits.timeout / 1000} s: its event loop is stuck${where}${serving}; killing it`
  const traces = { stack: stall?.stack.join('\n') ?? null, requests: stall?.requests.join('\n') ?? null }
  change(turn, {
    lastError: `worker ${id} was silent for ${turn.limits.timeout / 1000} s: its event loop was stuck${where}`,
  })
  note(turn, 'error', 'worker.hung', message, { ...known(worker), ...traces })
  kill(turn, worker, 'hung')
  const seen = { stack: stall?.stack ?? [], requests: stall?.requests ?? [] }
  orderHook(turn, { name: 'workerAbort', worker: portray(worker, turn.now), stall: seen })
}

function killSlow(turn: Turn, worker: Worker): void {
  kill(turn, worker, 'boot-timeout')
  const message = `it was not ready within ${turn.limits.bootTimeout / 1000} s (--boot-timeout)`
  cannotStart(turn, worker, { stage: 'boot', message, fix: null })
}
