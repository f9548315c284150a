import { cleanEnvironment } from './clean-environment.ts'
import { launcher } from './repository.ts'
import { type ProgramOptions, type ProgramResult, runProgram } from './run-program.ts'

export type CliOptions = Omit<ProgramOptions, 'env'> & {
  /** Added to the environment, from which whatever tsicorn would take as a setting is removed. */
  readonly env?: Readonly<Record<string, string>>
  /** Another launcher than the one of the repository. */
  readonly program?: string
}

/**
 * Runs the built tsicorn to its end and returns what it said. Nothing it started outlives the call.
 * Throws when Node.js had to warn of something: no user should read that.
 */
export async function spawnCli(args: readonly string[], options: CliOptions = {}): Promise<ProgramResult> {
  const { program = launcher, env, ...more } = options
  const result = await runProgram(process.execPath, [program, ...args], { ...more, env: cleanEnvironment(env) })
  const warning = /^\(node:\d+\) .*/m.exec(result.stderr)?.[0]
  if (warning !== undefined) throw new Error(`tsicorn ${args.join(' ')} made Node.js warn: ${warning}`)
  return result
}
