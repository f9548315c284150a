import type { ControlAnswer, StatusView } from '../contract/control.ts'
import { Failure } from '../contract/errors.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import type { Context } from './context.ts'
import { askMaster } from './ctl/ask-master.ts'
import { readCommand } from './ctl/read-command.ts'
import { showSettings, showStatus, showWorkers } from './ctl/show.ts'

export type CtlFlags = { readonly controlSocket?: string; readonly json?: boolean; readonly quick?: boolean }

/** Asks or tells a running master something. Exit status 1 when it did not work out, 2 when the command makes no sense. */
export async function runCtl(words: readonly string[], flags: CtlFlags, context: Context): Promise<number> {
  const request = readCommand(words, flags.quick === true)
  const path = flags.controlSocket ?? context.env['TSICORN_CONTROL_SOCKET']
  if (path === undefined) {
    throw new Failure('USAGE', 'ctl: which server? expected the path of its control socket', {
      fix: 'tsicorn ctl --control-socket PATH, or TSICORN_CONTROL_SOCKET=PATH',
    })
  }
  const answer = await askMaster(path, request)
  const text = flags.json === true ? JSON.stringify(answer) : inWords(words[0] ?? '', answer, context)
  const stream = answer.ok || flags.json === true ? context.stdout : context.stderr
  stream.write(`${text}\n`)
  return answer.ok ? exitCodes.ok : exitCodes.failure
}

function inWords(command: string, answer: ControlAnswer, { paint }: Context): string {
  if (!answer.ok) return [`tsicorn: ${answer.message}`, ...(answer.fix === null ? [] : [`  ${answer.fix}`])].join('\n')
  switch (command) {
    case 'status':
      return showStatus(answer.view as StatusView, paint)
    case 'workers':
      return showWorkers((answer.view as StatusView).workers, paint)
    case 'config':
      return showSettings(answer.view as Readonly<Record<string, string>>)
    case 'listeners':
      return (answer.view as readonly string[]).join('\n')
    default:
      return answer.message
  }
}
