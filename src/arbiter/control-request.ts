import type { ControlRequest } from '../contract/control.ts'
import { mostWorkers } from '../contract/most-workers.ts'

const commands = ['status', 'config', 'stats', 'listeners', 'reload', 'scale', 'reopen', 'kill', 'shutdown'] as const

/** Reads a request from the control socket; a string says what is wrong with it. */
export function readRequest(line: string): ControlRequest | string {
  let given: unknown
  try {
    given = JSON.parse(line)
  } catch {
    return 'expected one JSON object a line'
  }
  if (typeof given !== 'object' || given === null) return 'expected a JSON object'
  const fields = given as Readonly<Record<string, unknown>>
  const command = commands.find((name) => name === fields['command'])
  if (command === undefined) return `expected a command: one of ${commands.join(', ')}`
  if (command === 'scale') return readScale(fields['workers'])
  if (command === 'kill') return readKill(fields['pid'])
  if (command === 'shutdown') return { command, quick: fields['quick'] === true }
  return { command }
}

function readScale(workers: unknown): ControlRequest | string {
  const fits = typeof workers === 'number' && Number.isInteger(workers) && workers >= 1 && workers <= mostWorkers
  return fits ? { command: 'scale', workers } : `workers: expected a whole number from 1 to ${mostWorkers}`
}

function readKill(pid: unknown): ControlRequest | string {
  return typeof pid === 'number' && Number.isInteger(pid) && pid > 1
    ? { command: 'kill', pid }
    : 'pid: expected the pid of a worker'
}
