import { announce } from './announce.ts'
import type { Event } from './events.ts'
import { change, note, type Turn } from './turn.ts'

/** Starts a new master on the same sockets. The operator then stops one of the two: the old one to go on, the new one to go back. */
export function handOver(turn: Turn): void {
  const { kin, stage } = turn.state
  if (stage.name === 'stopping' || stage.name === 'starting') {
    return note(turn, 'warning', 'hand-over.refused', `no hand-over: the server is ${stage.name}`)
  }
  if (kin.role === 'successor') {
    return note(
      turn,
      'warning',
      'hand-over.refused',
      `no hand-over: the new master (pid ${kin.pid ?? 'not known yet'}) still lives`,
    )
  }
  if (kin.role === 'predecessor') {
    return note(turn, 'warning', 'hand-over.refused', 'no hand-over: the old master still lives')
  }
  change(turn, { kin: { role: 'successor', pid: null, ready: false } })
  turn.orders.push({ type: 'handOver' })
  note(turn, 'info', 'hand-over.started', 'starting a new master on the same sockets')
}

type KinEvent = Extract<Event, { type: 'successorSpawned' | 'successorReady' | 'successorGone' | 'predecessorGone' }>

/** Takes in what becomes of the other master. */
export function attendKin(turn: Turn, event: KinEvent): void {
  const { kin } = turn.state
  if (event.type === 'predecessorGone') return succeed(turn)
  if (kin.role !== 'successor') return
  switch (event.type) {
    case 'successorSpawned':
      return change(turn, { kin: { ...kin, pid: event.pid } })
    case 'successorReady':
      change(turn, { kin: { ...kin, ready: true } })
      return note(
        turn,
        'info',
        'hand-over.ready',
        `the new master (pid ${kin.pid}) serves beside us: TERM to us commits, TERM to it goes back`,
      )
    case 'successorGone':
      change(turn, { kin: { role: 'none' } })
      if (kin.pid !== null) turn.orders.push({ type: 'tidyUp', successor: kin.pid })
      return note(turn, 'error', 'hand-over.failed', `the new master is gone: ${event.how}; this one serves on`, {
        successor: kin.pid,
      })
  }
}

function succeed(turn: Turn): void {
  if (turn.state.kin.role !== 'predecessor') return
  change(turn, { kin: { role: 'none' } })
  announce(turn, 'status')
  turn.orders.push({ type: 'inherit' })
  note(turn, 'info', 'hand-over.done', 'the old master is gone: this one is the master')
}
