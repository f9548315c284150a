import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { posix } from 'node:path'
import { Failure } from '../../contract/errors.ts'

/** A place below a root that nobody but we and root could have arranged. */
export type TrustedPath = {
  /** Where it is, links on the way resolved. */
  readonly path: string
  /** Directories on the way that do not exist, the outermost first. */
  readonly missing: readonly string[]
}

// A chain of links longer than what the kernel follows (path_resolution(7)) is a ring.
const mostLinks = 40

/**
 * Follows a path from `root` down to the directory it ends in. Each directory on the way belongs to root or to us and is
 * writable by nobody else: then nobody else can have put a link there, and nobody can while we write.
 * Throws NOT_TRUSTED where that is not so.
 */
export function trustedPath(root: string, path: string): TrustedPath {
  let here = root === '' ? '/' : root
  const missing: string[] = []
  if (statOf(here) === undefined) missing.push(here)
  else requireOurs(here, statOf(here))
  const rest = posix.dirname(path).split('/').filter(Boolean)
  let links = 0
  for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
    if (name === '..') throw new Error(`${path} leads upwards`)
    const next = posix.join(here, name)
    const stats = missing.length > 0 ? undefined : statOf(next)
    if (stats?.isSymbolicLink()) {
      links += 1
      const target = readlinkSync(next)
      if (links > mostLinks || target.split('/').includes('..')) throw refusal(next, 'a link we do not follow')
      rest.unshift(...target.split('/').filter((part) => part !== '' && part !== '.'))
      if (target.startsWith('/')) here = root === '' ? '/' : root
      continue
    }
    if (stats === undefined) missing.push(next)
    else requireOurs(next, stats)
    here = next
  }
  return { path: posix.join(here, posix.basename(path)), missing }
}

function requireOurs(path: string, stats: Stats | undefined): void {
  if (stats === undefined || !stats.isDirectory()) throw refusal(path, 'no directory')
  const ours = [0, process.getuid?.() ?? 0]
  if (!ours.includes(stats.uid)) throw refusal(path, `a directory of user ${stats.uid}`)
  if ((stats.mode & 0o022) !== 0) throw refusal(path, 'a directory that others may write to')
}

function refusal(path: string, found: string): Failure {
  return new Failure('NOT_TRUSTED', `${path}: expected a directory that only root writes to, found ${found}`, {
    fix: `Whoever writes there could lead root to another file. Look at it: ls -ld ${path}`,
  })
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}
