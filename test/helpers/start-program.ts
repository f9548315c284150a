import type { StdioOptions } from 'node:child_process'
import { join } from 'node:path'
import { cleanEnvironment } from './clean-environment.ts'
import { type Ended, spawnGroup } from './process-group.ts'
import { keepLog } from './report-logs.ts'
import { repository } from './repository.ts'
import { until } from './until.ts'

export type Program = AsyncDisposable & {
  readonly pid: number
  readonly ended: Promise<Ended>
  /** Everything said on stdout and stderr until now. */
  readonly output: () => string
  /** The first line said on stdout; waits for it. */
  readonly firstLine: () => Promise<string>
  /** Ends its input, which these programs take as the order to finish. */
  readonly finish: () => Promise<Ended>
}

export type ProgramStart = {
  readonly args?: readonly unknown[]
  /** What follows stdin, stdout and stderr, or replaces stderr. */
  readonly stderr?: number
  readonly descriptors?: readonly number[]
  readonly env?: Readonly<Record<string, string>>
}

/** Starts a program of test/integration/programs. Arguments that are no text are given as JSON. It does not outlive its scope. */
export function startProgram(name: string, start: ProgramStart = {}): Program {
  const args = (start.args ?? []).map((argument) =>
    typeof argument === 'string' ? argument : JSON.stringify(argument),
  )
  const file = join(repository, 'test', 'integration', 'programs', name)
  const stdio: StdioOptions = ['pipe', 'pipe', start.stderr ?? 'pipe', ...(start.descriptors ?? [])]
  const group = spawnGroup(process.execPath, ['--import', 'tsx', file, ...args], {
    ...{ cwd: repository, env: cleanEnvironment(start.env), stdio },
  })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    group.child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk
    })
  }
  group.child.stdin?.on('error', () => undefined)
  const output = (): string => said.stdout + said.stderr
  return {
    ...{ pid: group.pid, ended: group.ended, output },
    firstLine: () => until(() => /^.*(?=\n)/.exec(said.stdout)?.[0], { what: `a line of ${name}, not ${output()}` }),
    finish: () => {
      group.child.stdin?.end()
      return group.ended
    },
    [Symbol.asyncDispose]: () => {
      keepLog(`${name} ${args.join(' ')}`, output().split('\n'))
      return group.kill()
    },
  }
}
