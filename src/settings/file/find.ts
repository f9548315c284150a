import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../contract/errors.ts'

/** The endings a config file may have. */
export const configEndings = ['ts', 'mts', 'js', 'mjs', 'json'] as const

const names: ReadonlySet<string> = new Set(configEndings.map((ending) => `tsicorn.config.${ending}`))

/** The path of the config file that stands in a directory, or null. Two of them are one too many: which one holds? */
export async function findConfigFile(directory: string): Promise<string | null> {
  const found = (await namesIn(directory)).filter((name) => names.has(name)).sort()
  if (found.length > 1) {
    throw new Failure('CONFIG_UNREADABLE', `expected one config file in ${directory}, got ${found.join(' and ')}`, {
      fix: 'Remove all but one, or name the one you mean with --config.',
    })
  }
  return found[0] === undefined ? null : join(directory, found[0])
}

/** A directory that may be entered but not listed, or is not there, has no config file to find. */
async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch {
    return []
  }
}
