import { type Command, CommanderError } from 'commander'
import { Failure } from '../contract/errors.ts'
import { escapeControl } from './paint.ts'

/** Parses a command line and runs what it asks for. Throws Failure when it cannot be understood. */
export async function parse(command: Command, args: readonly string[]): Promise<void> {
  try {
    await command.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Help and version end this way too.
    if (error.exitCode === 0) return
    throw new Failure('USAGE', inWords(error), { fix: 'tsicorn --help lists what there is.', cause: error })
  }
}

/** What commander says, on one line. It repeats what was typed, which may hold anything. */
function inWords({ message }: CommanderError): string {
  const line = message.replace(/^error: /, '').replace(/\n\(Did you mean (.+)\?\)$/s, '; did you mean $1?')
  return escapeControl(line)
}
