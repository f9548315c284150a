import type { Notice } from './events.ts'
import { patience } from './patience.ts'
import { statusLine } from './status-line.ts'
import { change, type Turn } from './turn.ts'

/** A status that changes all the time, as while requests drain, is told no more often than this, in milliseconds. */
const statusPause = 1000

/** One plea for patience holds this long; the next comes well before that. */
const plea = { lasts: 15_000, pause: 5000 } as const

/** Tells the service manager of a change of state, and how we are. */
export function announce(turn: Turn, notice: Notice): void {
  if (!isHeard(turn)) return
  const status = statusLine(turn.state)
  // What begins anew has a time limit of its own, so it asks for patience at once.
  const pleaAt = notice === 'status' ? turn.state.told.pleaAt : Number.NEGATIVE_INFINITY
  change(turn, { told: { status, at: turn.now, pleaAt } })
  turn.orders.push({ type: 'notify', state: notice, status })
}

/** At the end of each step: tells the service manager what has changed, and asks for patience where there is reason to. */
export function keepInformed(turn: Turn): void {
  if (!isHeard(turn)) return
  const { told } = turn.state
  if (turn.now - told.at >= statusPause && statusLine(turn.state) !== told.status) announce(turn, 'status')
  askPatience(turn)
}

/**
 * EXTEND_TIMEOUT_USEC counts from its arrival, and only matters once the manager's own time is over (sd_notify(3)):
 * so it is said again and again as long as the wait is right, and never reaches beyond its end.
 */
function askPatience(turn: Turn): void {
  const remaining = patience(turn.state, turn.now, turn.limits)
  if (remaining <= 0 || turn.now - turn.state.told.pleaAt < plea.pause) return
  change(turn, { told: { ...turn.state.told, pleaAt: turn.now } })
  turn.orders.push({ type: 'extendTimeout', ms: Math.min(remaining, plea.lasts) })
}

/** The manager follows one process: until the old master has gone it is that one, and then it is the new one. */
function isHeard({ state }: Turn): boolean {
  const { kin, stage } = state
  if (kin.role === 'predecessor') return false
  return !(kin.role === 'successor' && kin.ready && stage.name === 'stopping')
}
