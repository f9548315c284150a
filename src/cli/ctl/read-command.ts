import type { ControlRequest } from '../../contract/control.ts'
import { Failure } from '../../contract/errors.ts'
import { ctlCommands } from './commands.ts'

/** Reads the words after `tsicorn ctl`. Throws Failure USAGE. */
export function readCommand([command = '', argument, ...rest]: readonly string[], quick: boolean): ControlRequest {
  if (rest.length > 0) throw usage(`too many words: ${rest.join(' ')}`)
  if (command === 'scale') return { command, workers: number(argument, 'scale: expected a number of workers') }
  if (command === 'kill') return { command, pid: number(argument, 'kill: expected the pid of a worker') }
  if (argument !== undefined) throw usage(`${command}: takes no argument, got "${argument}"`)
  switch (command) {
    case 'status':
    case 'top':
    case 'workers':
      return { command: 'status' }
    case 'config':
    case 'stats':
    case 'listeners':
    case 'reload':
    case 'reopen':
      return { command }
    case 'shutdown':
      return { command, quick }
    default:
      throw usage(command === '' ? 'expected a command' : `unknown command "${command}"`)
  }
}

function number(text: string | undefined, expected: string): number {
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) throw usage(`${expected}, got "${text ?? ''}"`)
  return Number(text)
}

function usage(message: string): Failure {
  return new Failure('USAGE', `ctl: ${message}`, { fix: `one of ${Object.keys(ctlCommands).join(', ')}` })
}
