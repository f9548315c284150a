import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { unpackedFolder } from '../helpers/install-debian.mjs'
import { installed, unpacked } from '../helpers/programs.mjs'

const packages = { ...installed, ...unpacked }

/** For the `skip` of a test: false when all programs are there, else which are not and the Debian packages they are in. */
export function needs(...programs: readonly (keyof typeof packages)[]): false | string {
  const missing = programs.filter((program) => findProgram(program) === null)
  if (missing.length === 0) return false
  return `not installed: ${missing.join(', ')} (Debian packages: ${missing.map((name) => packages[name]).join(' ')})`
}

/** The path of a program, also where only root's PATH leads, or null. */
export function findProgram(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/bin', '/bin', unpackedFolder]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

/** The same, for a test that is skipped without it. */
export function program(name: string): string {
  const found = findProgram(name)
  if (found === null) throw new Error(`${name} is not installed`)
  return found
}
