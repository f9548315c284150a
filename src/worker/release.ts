import { readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import type { Release } from '../contract/messages.ts'

/**
 * What the application is that was loaded from a path. Changing to a directory follows its links, so the directory is
 * looked at as it was written: `current` leads to a release. Null when the file cannot be looked at.
 */
export function releaseOf(path: string, { chdir, cwd }: { chdir: string | null; cwd: string }): Release | null {
  try {
    const real = realpathSync(path)
    const written = chdir === null ? path : join(chdir, relative(cwd, path))
    return { path: real, directory: linkedDirectory(written, real), version: versionAt(dirname(real)) }
  } catch {
    return null
  }
}

/** What a link stands for: the real path less what both have in common at their ends. */
function linkedDirectory(written: string, real: string): string | null {
  let [from, to] = [written, real]
  while (from !== to && basename(from) === basename(to) && dirname(to) !== to) [from, to] = [dirname(from), dirname(to)]
  return from === to ? null : to
}

/** The version in the nearest package.json that has one, or null. */
function versionAt(directory: string): string | null {
  const version = versionIn(join(directory, 'package.json'))
  if (version !== null || dirname(directory) === directory) return version
  return versionAt(dirname(directory))
}

function versionIn(file: string): string | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : null
    return typeof version === 'string' ? version : null
  } catch {
    return null
  }
}
