import { type ProgramResult, runProgram } from '../helpers/run-program.ts'

export type CommandOptions = {
  /** Milliseconds until it has to have ended. */
  readonly within?: number
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Runs a program of this host, and returns what it said on standard output; throws with all it said when it fails. */
export async function command(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runProgram(file, args, { env: process.env, within: 60_000, ...options })
  return succeeded(`${file} ${args.join(' ')}`, result)
}

/** The standard output of what succeeded; an error that tells everything about what did not. */
export function succeeded(what: string, { code, signal, stdout, stderr }: ProgramResult): string {
  if (code === 0) return stdout
  throw new Error(`${what}\nended with ${signal ?? code}\n${stdout}${stderr}`)
}
