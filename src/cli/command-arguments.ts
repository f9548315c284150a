import { Failure } from '../contract/errors.ts'
import { commandArgumentsName } from '../settings/environment.ts'
import { flagSource } from '../settings/flags.ts'
import type { Source } from '../settings/resolve.ts'
import { serverTable } from '../settings/server-table.ts'
import { serveCommand, withApp } from './commands.ts'
import type { Context, Flags } from './context.ts'
import { parse } from './parse.ts'
import { splitWords } from './split-words.ts'

/** What TSICORN_CMD_ARGS says, or null when there is none. Throws Failure when it is no line of flags. */
export async function readCommandArguments(context: Context): Promise<Source | null> {
  const text = context.env[commandArgumentsName]
  if (text === undefined) return null
  const words = splitWords(text)
  if (words === null) {
    throw new Failure(
      'USAGE',
      `${commandArgumentsName}: expected flags as in a shell line, got a quote that is not closed`,
    )
  }
  try {
    const flags = await parseFlags(words, context)
    return flagSource(serverTable, flags, { layer: 'cmd-args', label: commandArgumentsName })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    throw new Failure(error.code, `${commandArgumentsName}: ${error.message}`, { cause: error })
  }
}

async function parseFlags(words: readonly string[], context: Context): Promise<Flags> {
  let flags: Flags = {}
  const command = serveCommand(context).helpOption(false)
  command.action((app: string | undefined, given: Flags) => {
    flags = withApp(app, given)
  })
  await parse(command, words)
  return flags
}
