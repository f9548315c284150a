import { spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { cleanEnvironment } from './clean-environment.ts'
import { childPids, type Ended, spawnGroup } from './process-group.ts'
import { until } from './until.ts'

export type Terminal = AsyncDisposable & {
  /** Everything that was written to the terminal so far. */
  readonly shown: () => string
  readonly type: (keys: string) => void
  readonly resize: (size: { readonly rows: number; readonly columns: number }) => Promise<void>
  /** The pid of the program that runs in it, once there is one. */
  readonly program: () => Promise<number>
  readonly ended: Promise<Ended>
}

/** Why there can be no terminal here, or false. */
export const noTerminal: string | false =
  spawnSync('script', ['--version']).status !== 0 && 'needs the program script of util-linux'

/**
 * Runs a shell line in a terminal of its own, by script(1), which lives no longer than the scope; on another machine by
 * the words that enter it.
 */
export function openTerminal(
  line: string,
  env: Readonly<Record<string, string>> = {},
  enter: readonly string[] = [],
): Terminal {
  const [file = '', ...args] = [...enter, 'script', '-qfec', line, '/dev/null']
  const group = spawnGroup(file, args, {
    env: cleanEnvironment({ TERM: 'xterm', SHELL: '/bin/sh', ...env }),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let text = ''
  group.child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  group.child.stdin?.on('error', () => {})
  const program = () => until(() => childPids(group.pid)[0], { what: 'a program in the terminal' })
  return {
    shown: () => text,
    type: (keys) => void group.child.stdin?.write(keys),
    resize: async ({ rows, columns }) => {
      const device = readlinkSync(`/proc/${await program()}/fd/0`)
      spawnSync('stty', ['-F', device, 'rows', String(rows), 'cols', String(columns)])
    },
    program,
    ended: group.ended,
    [Symbol.asyncDispose]: () => group.kill(),
  }
}
