import type { ConfigView, ControlAnswer, ListenerView, StatsView, StatusView } from '../contract/control.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { Context } from './context.ts'
import { askMaster } from './ctl/ask-master.ts'
import { findControlSocket, type SocketFlags } from './ctl/find-socket.ts'
import { readCommand } from './ctl/read-command.ts'
import { showConfig, showListeners, showStats, showStatus, showWorkers } from './ctl/show.ts'
import { runTop } from './ctl/top.ts'

export type CtlFlags = SocketFlags & {
  readonly json?: boolean
  readonly quick?: boolean
  /** Milliseconds. */
  readonly interval?: number
}

const usualInterval = 1000

/** Asks or tells a running master something. Exit status 1 when it did not work out, 2 when the command makes no sense. */
export async function runCtl(words: readonly string[], flags: CtlFlags, context: Context): Promise<number> {
  const request = readCommand(words, flags.quick === true)
  const path = await findControlSocket(flags, context)
  const [command = ''] = words
  if (command === 'top' && flags.json !== true)
    return runTop({ ask: () => askMaster(path, request), intervalMs: flags.interval ?? usualInterval }, context)
  const answer = await askMaster(path, request)
  const text = flags.json === true ? JSON.stringify(asAsked(command, answer)) : inWords(command, answer, context)
  const stream = answer.ok || flags.json === true ? context.stdout : context.stderr
  stream.write(`${text}\n`)
  return answer.ok ? exitCodes.ok : exitCodes.failure
}

function asAsked(command: string, answer: ControlAnswer): ControlAnswer {
  if (command !== 'workers' || !answer.ok) return answer
  return { ...answer, view: (answer.view as StatusView).workers }
}

function inWords(command: string, answer: ControlAnswer, { paint }: Context): string {
  if (!answer.ok) return [`tsicorn: ${answer.message}`, ...(answer.fix === null ? [] : [`  ${answer.fix}`])].join('\n')
  switch (command) {
    case 'status':
      return showStatus(answer.view as StatusView, paint)
    case 'workers':
      return showWorkers((answer.view as StatusView).workers, paint)
    case 'config':
      return showConfig(answer.view as ConfigView, paint)
    case 'stats':
      return showStats(answer.view as StatsView, paint)
    case 'listeners':
      return showListeners(answer.view as readonly ListenerView[], paint)
    default:
      return answer.message
  }
}
