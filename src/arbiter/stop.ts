import type { ExitCode } from '../contract/exit-codes.ts'
import { announce } from './announce.ts'
import { dropReload } from './reload.ts'
import { change, note, retire, type Turn } from './turn.ts'

type Stop = { readonly quick: boolean; readonly exit: ExitCode; readonly because: string }

/** Ends the server: gracefully the first time, quickly when asked for or asked again. */
export function stop(turn: Turn, { quick, exit, because }: Stop): void {
  const { stage, kin } = turn.state
  if (stage.name === 'stopping') return hurry(turn, because)
  change(turn, { stage: { name: 'stopping', quick, exit } })
  dropReload(turn, 'the server is stopping')
  announceStop(turn)
  turn.orders.push({ type: 'closeListeners', unlink: kin.role === 'none' })
  note(turn, 'info', 'master.stopping', `stopping ${quick ? 'at once' : 'gracefully'}: ${because}`)
  const graceMs = quick ? 0 : turn.limits.gracefulTimeout
  for (const worker of turn.state.workers) {
    if (worker.phase !== 'leaving' || (quick && !worker.killed)) retire(turn, worker, 'stop', graceMs)
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
  change(turn, { stage: { ...stage, quick: true } })
  note(turn, 'warning', 'master.hurrying', `stopping at once: ${because}, while stopping gracefully`)
  for (const worker of turn.state.workers) {
    if (worker.phase !== 'leaving' || !worker.killed) retire(turn, worker, 'stop', 0)
  }
}
