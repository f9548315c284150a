import { Failure } from '../../contract/errors.ts'
import { findProgram } from '../programs.ts'
import type { Command } from './step.ts'

export type Outcome = {
  readonly ok: boolean
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of the host to its end. One that fails is an outcome; one that is not installed is a Failure. */
export type Run = (command: Command, signal?: AbortSignal) => Promise<Outcome>

// Longer than the longest start a unit allows itself (TimeoutStartSec with its extensions).
const patience = 300_000

/** Runs programs from `path`, with nothing else of our environment. */
export function createRunner(path: string): Run {
  const found = new Map<string, string>()
  const locate = async (name: string): Promise<string> => {
    if (name.startsWith('/')) return name
    const known = found.get(name) ?? (await findProgram(name, path))
    if (known === null) throw new Failure('PROGRAM_MISSING', `${name} is needed, and is not installed`)
    found.set(name, known)
    return known
  }
  return async ([name = '', ...words], signal) => {
    const { execa } = await import('execa')
    const result = await execa(await locate(name), words, {
      ...{ env: { PATH: path, LC_ALL: 'C.UTF-8', SYSTEMD_PAGER: '' }, extendEnv: false, cwd: '/' },
      ...{ reject: false, timeout: patience, stdin: 'ignore' },
      // A session of its own: what restores a host must not be ended by the Ctrl-C that asked for it.
      detached: true,
      ...(signal === undefined ? {} : { cancelSignal: signal, forceKillAfterDelay: 5000 }),
    })
    const said = result.stderr === '' && result.exitCode === undefined ? result.shortMessage : result.stderr
    return { ok: !result.failed, status: result.exitCode ?? null, stdout: result.stdout, stderr: said ?? '' }
  }
}

/** A command as a person would type it. */
export function commandLine(command: Command): string {
  return command.map((word) => (/^[\w.,:/@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
