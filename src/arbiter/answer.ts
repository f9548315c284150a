import type { ControlAnswer } from '../contract/control.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { Deed } from './events.ts'
import { reopenLogs, scaleTo } from './hear.ts'
import { askReload } from './reload.ts'
import { stop } from './stop.ts'
import { known, note, put, type Turn } from './turn.ts'

/** Does what was asked over the control socket; a reload is answered later, when it has ended. */
export function answer(turn: Turn, id: number, request: Deed): void {
  if (turn.state.stage.name === 'stopping') {
    return reply(turn, id, { ok: false, message: 'the server is stopping', fix: null })
  }
  switch (request.command) {
    case 'reload':
      return askReload(turn, id)
    case 'scale':
      scaleTo(turn, request.workers)
      return reply(turn, id, { ok: true, message: `${turn.state.target} workers wanted` })
    case 'reopen':
      reopenLogs(turn)
      return reply(turn, id, { ok: true, message: 'log files reopened' })
    case 'kill':
      return replaceWorker(turn, id, request.pid)
    case 'shutdown':
      reply(turn, id, { ok: true, message: request.quick ? 'stopping at once' : 'stopping gracefully' })
      return stop(turn, { quick: request.quick, exit: exitCodes.ok, because: 'asked over the control socket' })
  }
}

function replaceWorker(turn: Turn, id: number, pid: number): void {
  const worker = turn.state.workers.find((other) => other.pid === pid && other.phase === 'ready')
  if (worker?.phase !== 'ready') {
    const pids = turn.state.workers.map((other) => other.pid).join(', ')
    return reply(turn, id, { ok: false, message: `${pid} is no ready worker of this master`, fix: `one of ${pids}` })
  }
  put(turn, { ...worker, recycle: 'asked for' })
  note(turn, 'info', 'worker.recycling', `worker ${worker.id} is to be replaced: asked for`, known(worker))
  reply(turn, id, { ok: true, message: `worker ${worker.id} (pid ${pid}) leaves when its successor is ready` })
}

function reply(turn: Turn, id: number, words: ControlAnswer): void {
  turn.orders.push({ type: 'answer', id, answer: words })
}
