import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A file to ask for: its path below the folder, safe to put into a URL, and its length. */
export type Sample = { readonly path: string; readonly bytes: number }

/** How many folders deep a sample is looked for. */
const deepest = 3

/** The first file of a folder, by name, that can be asked for by its plain name; null when there is none. */
export async function findSample(folder: string, depth = 0): Promise<Sample | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const plain = entries.filter((entry) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(entry.name))
  for (const { name } of plain.filter((entry) => entry.isFile()).toSorted(byName)) {
    return { path: name, bytes: (await stat(join(folder, name))).size }
  }
  for (const { name } of plain.filter((entry) => entry.isDirectory()).toSorted(byName)) {
    const found = depth < deepest ? await findSample(join(folder, name), depth + 1) : null
    if (found !== null) return { ...found, path: `${name}/${found.path}` }
  }
  return null
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : 1
}
