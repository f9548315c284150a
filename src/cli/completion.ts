import type { Command } from 'commander'
import { Failure } from '../contract/errors.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { bashScript } from './completion/bash.ts'
import { describeProgram, shells } from './completion/describe-program.ts'
import { fishScript } from './completion/fish.ts'
import { zshScript } from './completion/zsh.ts'
import type { Context } from './context.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/** Prints what makes a shell complete our command line. Throws Failure USAGE for a shell we do not know. */
export async function runCompletion(shell: string | undefined, program: Command, { stdout }: Context): Promise<number> {
  const known = shells.find((name) => name === shell)
  if (known === undefined) {
    const got = shell === undefined ? 'none' : JSON.stringify(shell)
    throw new Failure('USAGE', `completion: expected a shell, one of ${shells.join(', ')}; got ${got}`, {
      fix: 'In ~/.bashrc, for instance: eval "$(tsicorn completion bash)"',
    })
  }
  stdout.write(scripts[known](await describeProgram(program)))
  return exitCodes.ok
}
