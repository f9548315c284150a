import { type Ended, spawnGroup } from './process-group.ts'
import { keepLog } from './report-logs.ts'
import { settled } from './until.ts'

export type ProgramOptions = {
  readonly cwd?: string
  /** The whole environment of the program. */
  readonly env: NodeJS.ProcessEnv
  /** What the program reads from its standard input; nothing otherwise. */
  readonly input?: string
  /** Milliseconds until it has to have ended. */
  readonly within?: number
}

export type ProgramResult = Ended & { readonly stdout: string; readonly stderr: string }

/** Runs a program to its end and returns what it said. Nothing in its process group outlives the call. */
export async function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const { cwd = process.cwd(), env, input = '', within = 60_000 } = options
  const group = spawnGroup(file, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    group.child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk
    })
  }
  // A program that ends without reading its input closes the pipe: EPIPE is no news.
  group.child.stdin?.on('error', () => undefined).end(input)
  try {
    const ended = await settled(group.ended, { what: `${file} ${args.join(' ')} to end`, within })
    return { ...ended, ...output }
  } finally {
    keepLog(`${file} ${args.join(' ')}`, `${output.stdout}\n${output.stderr}`.split('\n'))
    await group.kill()
  }
}
