import { readdirSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { Glob } from './glob.ts'

/** What is looked at: the code below some directories, and files that are asked for by name or pattern. */
export type Scope = { readonly roots: readonly string[]; readonly extras: readonly Glob[] }

export type Snapshot = {
  /** By path, something that changes with the file. */
  readonly stamps: ReadonlyMap<string, string>
  /** Where a change can show up. */
  readonly directories: ReadonlySet<string>
  /** There are more directories than are looked at. */
  readonly truncated: boolean
}

const code = new Set(['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.jsx', '.tsx', '.node', '.wasm'])
// Data that an application writes is often JSON too, and must not make it start anew.
const codeNames = new Set(['package.json', 'tsconfig.json'])

/** More directories than any project has of its own: somebody's home, or the root of the machine. */
const mostDirectories = 2000

/** Whether a change of the file, which may be gone, is of interest. */
export function isSource(path: string, { roots, extras }: Scope): boolean {
  if (extras.some((glob) => glob.matches(path))) return true
  return isCode(path) && roots.some((root) => path.startsWith(root === '/' ? root : `${root}/`))
}

/** Looks at everything in the scope. Installed packages and hidden folders are left out. */
export function scan(scope: Scope): Snapshot {
  const stamps = new Map<string, string>()
  const directories = new Set<string>()
  const take = (path: string): void => {
    const stamp = stampOf(path)
    if (stamp !== null) stamps.set(path, stamp)
  }
  for (const root of scope.roots) walk(root, { directories, deep: true, take: (path) => isCode(path) && take(path) })
  for (const { base, deep, matches } of scope.extras) {
    walk(base, { directories, deep, take: (path) => matches(path) && take(path) })
  }
  return { stamps, directories, truncated: directories.size >= mostDirectories }
}

type Walk = {
  readonly directories: Set<string>
  readonly deep: boolean
  readonly take: (path: string) => unknown
}

function walk(directory: string, plan: Walk): void {
  if (plan.directories.size >= mostDirectories) return
  plan.directories.add(directory)
  for (const entry of entriesOf(directory)) {
    const path = join(directory, entry.name)
    if (!entry.isDirectory()) plan.take(path)
    else if (plan.deep && entry.name !== 'node_modules' && !entry.name.startsWith('.')) walk(path, plan)
  }
}

function entriesOf(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch {
    // Gone, or not ours to read.
    return []
  }
}

function isCode(path: string): boolean {
  return code.has(extname(path)) || codeNames.has(basename(path))
}

/** Size and time alone miss a file that is replaced by an older one of the same size. */
function stampOf(path: string): string | null {
  const file = statSync(path, { throwIfNoEntry: false })
  return file?.isFile() ? `${file.ino} ${file.size} ${file.mtimeMs}` : null
}

/** The paths that are new, changed or gone. */
export function compare(before: Snapshot, after: Snapshot): readonly string[] {
  const paths = new Set([...before.stamps.keys(), ...after.stamps.keys()])
  return [...paths].filter((path) => before.stamps.get(path) !== after.stamps.get(path)).sort()
}
