import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { Layers } from './layers.ts'

/**
 * What an upper layer of overlayfs changes in those below it, as paths: a file with other bytes, owner or mode, a link to
 * elsewhere, one that is new, and one that is gone (kernel: Documentation/filesystems/overlayfs.rst, a character device 0/0).
 */
export function changedPaths(upper: string, layers: Layers): readonly string[] {
  return walk(upper, '')
    .filter((path) => differs(join(upper, path), below(path, layers)))
    .map((path) => `/${path}`)
    .sort()
}

function walk(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? [path, ...walk(root, path)] : [path]
  })
}

function below(path: string, layers: Layers): string | undefined {
  return layers
    .map((layer) => join(layer, path))
    .find((file) => lstatSync(file, { throwIfNoEntry: false }) !== undefined)
}

function differs(upper: string, lower: string | undefined): boolean {
  const now = lstatSync(upper)
  const isGone = now.isCharacterDevice() && now.rdev === 0
  if (lower === undefined) return !isGone
  const then = lstatSync(lower)
  if (isGone || now.mode !== then.mode || now.uid !== then.uid || now.gid !== then.gid) return true
  if (now.isSymbolicLink()) return readlinkSync(upper) !== readlinkSync(lower)
  return now.isFile() && (now.size !== then.size || !readFileSync(upper).equals(readFileSync(lower)))
}
