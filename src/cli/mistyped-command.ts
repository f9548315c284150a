import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { distance } from '../settings/suggest.ts'

/**
 * Since serve need not be said, a slip in the name of a command would be taken for an application, and the complaint
 * would be about a package nobody has heard of. Throws Failure for such a word, unless an application of that name exists.
 */
export function refuseMistypedCommand(word: string | undefined, commands: readonly string[], cwd: string): void {
  if (word === undefined || !/^[a-z]{3,12}$/.test(word) || commands.includes(word)) return
  const meant = commands.find((command) => distance(word, command) <= (command.length > 4 ? 2 : 1))
  if (meant === undefined || existsSync(join(cwd, word)) || existsSync(join(cwd, 'node_modules', word))) return
  throw new Failure('USAGE', `there is no command ${word}; did you mean ${meant}?`, {
    fix: `To run an application of that name, write: tsicorn serve ${word}`,
  })
}
