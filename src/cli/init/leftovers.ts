import { lstatSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { posix } from 'node:path'
import { readMark } from '../../bundle/mark.ts'
import type { BundleFile } from '../../bundle/render.ts'
import { refusalOf } from './write-bundle.ts'

/** A file that an earlier init wrote for other answers, and that belongs to no bundle for those of now. */
export type Leftover = {
  readonly target: string
  readonly content: string
  /** Whether somebody has changed it by hand: then it stays. */
  readonly edited: boolean
}

type Search = {
  /** The folder of the bundle. */
  readonly directory: string
  /** Where files of ours may be, below it. */
  readonly places: readonly string[]
  /** What belongs there now. */
  readonly files: readonly BundleFile[]
}

/** Looks for files with our mark at places where the bundle of now has none. What has no mark is somebody else's. */
export function findLeftovers({ directory, places, files }: Search): readonly Leftover[] {
  const needed = new Set(files.map(({ path }) => path))
  const others = [...new Set(places)].filter((path) => !needed.has(path)).sort()
  return others.flatMap((path) => {
    const content = readPlain(directory, path)
    const mark = content === null ? null : readMark(content)
    return content === null || mark === null
      ? []
      : [{ target: posix.join(directory, path), content, edited: !mark.untouched }]
  })
}

/** Removes those that nobody has changed, and the folders that are empty then. */
export function removeLeftovers(directory: string, leftovers: readonly Leftover[]): void {
  for (const { target } of leftovers.filter(({ edited }) => !edited)) {
    try {
      rmSync(target)
    } catch (error) {
      throw refusalOf(error)
    }
    removeEmpty(posix.dirname(target), directory)
  }
}

function removeEmpty(folder: string, top: string): void {
  if (folder === top) return
  try {
    rmdirSync(folder)
  } catch {
    // Something else is in it.
    return
  }
  removeEmpty(posix.dirname(folder), top)
}

// A link could lead to a file of ours elsewhere, which is none of this bundle's.
function readPlain(directory: string, path: string): string | null {
  const parts = path.split('/')
  const folders = parts.map((_part, index) => posix.join(directory, ...parts.slice(0, index)))
  try {
    if (!folders.every((folder) => lstatSync(folder).isDirectory())) return null
    const target = posix.join(directory, path)
    return lstatSync(target).isFile() ? readFileSync(target, 'utf8') : null
  } catch {
    // What is not there, or may not be read, cannot be told to be ours.
    return null
  }
}
