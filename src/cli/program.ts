import { exitCodes } from '../contract/exit-codes.ts'
import { createProgram } from './commands.ts'
import type { Context } from './context.ts'
import { refuseMistypedCommand } from './mistyped-command.ts'
import { parse } from './parse.ts'

/** Runs what a command line asks for. Returns the exit status; throws Failure for whatever a person can mend. */
export async function runProgram(args: readonly string[], context: Context): Promise<number> {
  let status: number = exitCodes.ok
  const program = createProgram(context, async (ending) => {
    status = await ending
  })
  const names = program.commands.map((command) => command.name())
  refuseMistypedCommand(args[0], names, context.cwd)
  await parse(program, helpAsFlag(args))
  return status
}

/** `help` and `help COMMAND` are what people type first. */
function helpAsFlag(args: readonly string[]): readonly string[] {
  return args[0] === 'help' ? [...args.slice(1, 2), '--help'] : args
}
