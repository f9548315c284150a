import type { ExitCode } from '../contract/exit-codes.ts'
import { announce } from './announce.ts'
import { dropReload } from './reload.ts'
import { change, note, retire, type Turn } from './turn.ts'

type Stop = { readonly quick: boolean; readonly exit: ExitCode; readonly because: string }

/** Ends the server: gracefully the first time, quickly when asked for or asked again. */
export function stop(turn: Turn, { quick, exit, because }: Stop): void {
  const { stage, kin } = turn.state
  if (stage.name === 'stopping') return hurry(turn, because)
  const delay = quick || stage.name !== 'running' || kin.role !== 'none' ? 0 : turn.limits.drainDelay
  change(turn, { stage: { name: 'stopping', quick, exit, closesAt: delay === 0 ? null : turn.now + delay } })
  dropReload(turn, 'the server is stopping')
  announceStop(turn)
  // With another master on the same sockets the service goes on.
  if (kin.role === 'none') turn.orders.push({ type: 'tellClosing' })
  const when = delay === 0 ? '' : `; connections are taken for another ${delay / 1000} s`
  note(turn, 'info', 'master.stopping', `stopping ${quick ? 'at once' : 'gracefully'}: ${because}${when}`)
  if (delay === 0) closeDoors(turn)
}

/** Closes the sockets and lets the workers finish, when balancers have had the time to notice. */
export function closeInTime(turn: Turn): void {
  const { stage } = turn.state
  if (stage.name !== 'stopping' || stage.closesAt === null || turn.now < stage.closesAt) return
  change(turn, { stage: { ...stage, closesAt: null } })
  closeDoors(turn)
}

function closeDoors(turn: Turn): void {
  const { stage, kin } = turn.state
  if (stage.name !== 'stopping') return
  turn.orders.push({ type: 'closeListeners', unlink: kin.role === 'none' })
  const graceMs = stage.quick ? 0 : turn.limits.gracefulTimeout
  for (const worker of turn.state.workers) {
    if (worker.phase !== 'leaving' || (stage.quick && !worker.killed)) retire(turn, worker, 'stop', graceMs)
  }
}

/** To the service manager, an old master that leaves its sockets to a new one does not stop: the service goes on under another pid. */
function announceStop(turn: Turn): void {
  const { kin } = turn.state
  if (kin.role === 'predecessor') return
  const goesOn = kin.role === 'successor' && kin.ready && kin.pid !== null
  if (goesOn) turn.orders.push({ type: 'notifyMainPid', pid: kin.pid })
  else announce(turn, 'stopping')
}

function hurry(turn: Turn, because: string): void {
  const { stage } = turn.state
  if (stage.name !== 'stopping' || stage.quick) return
  const isOpen = stage.closesAt !== null
  change(turn, { stage: { ...stage, quick: true, closesAt: null } })
  note(turn, 'warning', 'master.hurrying', `stopping at once: ${because}, while stopping gracefully`)
  if (isOpen) return closeDoors(turn)
  for (const worker of turn.state.workers) {
    if (worker.phase !== 'leaving' || !worker.killed) retire(turn, worker, 'stop', 0)
  }
}
