import { runProgram } from '../helpers/run-program.ts'
import { succeeded } from './command.ts'
import type { System } from './system.ts'

/** The two facts from which all ways follow: the words that run a program inside, and those that run ours in its network. */
export type Door = Pick<System, 'entry' | 'inNetwork'>

export type WaysIn = Door & Pick<System, 'attempt' | 'run' | 'visit' | 'write'>

/** The ways to run something in a machine. */
export function waysIn({ entry, inNetwork }: Door): WaysIn {
  const attempt: System['attempt'] = (script, { as, input = '', within = 60_000 } = {}) => {
    const who = as === undefined ? [] : ['runuser', '--user', as, '--']
    const [file = '', ...args] = [...entry(), ...who, 'sh', '-euc', script]
    return runProgram(file, args, { env: process.env, input, within })
  }
  const run: System['run'] = async (script, options) =>
    succeeded(script, await attempt(script, options)).replace(/\n$/, '')
  const visit: System['visit'] = (file, args, { input = '', within = 60_000 } = {}) =>
    runProgram(...inNetwork(file, args), { env: process.env, input, within })
  const write: System['write'] = async (path, content, mode = '0644') => {
    await run(`install -D -m ${mode} /dev/null '${path}'; cat > '${path}'`, { input: content })
  }
  return { attempt, run, inNetwork, visit, entry, write }
}
