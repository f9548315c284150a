import { lstatSync, readlinkSync, type Stats } from 'node:fs'
import { join, resolve } from 'node:path'

export type Trusted = {
  /** The directory without links in its path. */
  readonly directory: string
  /** The first directory on the way that others than root may change, or null when there is none. */
  readonly weak: string | null
}

/** As many links as the kernel follows in one path (path_resolution(7)). */
const mostLinks = 40

/**
 * Follows a path as the kernel would, and finds out whether anyone but root has a say in where it leads.
 * A link is root's word when the directory it stands in is root's alone.
 */
export function followTrusted(path: string): Trusted {
  let directory = '/'
  let links = 0
  const names = split(resolve(path))
  for (;;) {
    if (!isRootsAlone(lstatSync(directory))) return { directory, weak: directory }
    const name = names.shift()
    if (name === undefined) return { directory, weak: null }
    const next = join(directory, name)
    if (lstatSync(next).isSymbolicLink()) {
      links += 1
      if (links > mostLinks) return { directory, weak: next }
      names.unshift(...split(resolve(directory, readlinkSync(next))))
      directory = '/'
    } else {
      directory = next
    }
  }
}

function split(path: string): string[] {
  return path.split('/').filter((name) => name !== '')
}

function isRootsAlone(file: Stats): boolean {
  const isGroupsToo = (file.mode & 0o020) !== 0 && file.gid !== 0
  const isEveryones = (file.mode & 0o002) !== 0
  return file.isDirectory() && file.uid === 0 && !isGroupsToo && !isEveryones
}
