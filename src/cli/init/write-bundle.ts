import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { posix } from 'node:path'
import { readMark } from '../../bundle/mark.ts'
import { type BundleFile, siteFileName } from '../../bundle/render.ts'
import { Failure } from '../../contract/errors.ts'

/** What stands where a file of the bundle belongs. */
export type Comparison = {
  readonly file: BundleFile
  readonly target: string
  /**
   * missing: nothing. same: what would be written. outdated: what an earlier init wrote, untouched. edited: changed by
   * hand, and init would write what it wrote then. conflict: changed by hand, or by somebody else, and init too has
   * something new.
   */
  readonly state: 'missing' | 'same' | 'outdated' | 'edited' | 'conflict'
  /** What is there now; empty when nothing is. */
  readonly before: string
}

/** Which of the files that somebody has edited are written over. */
export type Overwriting = readonly ('edited' | 'conflict')[]

/** Compares a bundle with a directory. Throws Failure where something other than a file or directory is in the way. */
export function compareBundle(directory: string, files: readonly BundleFile[]): readonly Comparison[] {
  return files.map((file) => {
    refuseDetour(directory, posix.dirname(file.path))
    const target = posix.join(directory, file.path)
    const before = existing(target)
    if (before === null) return { file, target, state: 'missing', before: '' }
    return { file, target, state: stateOf(file, before), before }
  })
}

function stateOf({ path, content }: BundleFile, before: string): Comparison['state'] {
  if (before === content) return 'same'
  // Its answers have been read, and are in what is written.
  if (path === siteFileName) return 'outdated'
  const then = readMark(before)
  if (then === null) return 'conflict'
  if (then.untouched) return 'outdated'
  return then.hash === readMark(content)?.hash ? 'edited' : 'conflict'
}

/**
 * Writes the files that are missing or outdated, and those that somebody has edited as far as they are to be written over.
 * All are written beside their places first, and only then moved there, each in one step: a full disk leaves everything as
 * it was.
 */
export function writeBundle(comparisons: readonly Comparison[], over: Overwriting): readonly BundleFile[] {
  const changed = comparisons.filter(
    ({ state }) => state === 'missing' || state === 'outdated' || over.some((one) => one === state),
  )
  const drafts: { readonly draft: string; readonly target: string }[] = []
  try {
    for (const { file, target } of changed) {
      const draft = posix.join(posix.dirname(target), `.${posix.basename(target)}.${randomBytes(6).toString('hex')}`)
      mkdirSync(posix.dirname(target), { recursive: true })
      drafts.push({ draft, target })
      writeDraft(draft, file)
    }
    for (const { draft, target } of drafts) renameSync(draft, target)
  } catch (error) {
    for (const { draft } of drafts) rmSync(draft, { force: true })
    throw refusalOf(error)
  }
  return changed.map(({ file }) => file)
}

function writeDraft(path: string, { content, mode }: BundleFile): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const fd = openSync(path, flags, 0o600)
  try {
    writeFileSync(fd, content)
    fchmodSync(fd, mode)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

// A link in the bundle could lead a writing root anywhere.
function refuseDetour(directory: string, below: string): void {
  const parts = below === '.' ? [] : below.split('/')
  for (const length of parts.keys()) refuseNonDirectory(posix.join(directory, ...parts.slice(0, length + 1)))
  refuseNonDirectory(directory)
}

function refuseNonDirectory(path: string): void {
  const stats = statOf(path)
  if (stats !== undefined && !stats.isDirectory()) throw inTheWay(path, 'a directory', stats)
}

function existing(path: string): string | null {
  const stats = statOf(path)
  if (stats === undefined) return null
  if (!stats.isFile()) throw inTheWay(path, 'a file', stats)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw refusalOf(error)
  }
}

function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw refusalOf(error)
  }
}

function inTheWay(path: string, expected: string, stats: { isSymbolicLink(): boolean }): Failure {
  const found = stats.isSymbolicLink() ? 'a symbolic link, which is not followed' : 'something else'
  return new Failure('FILE_EXISTS', `${path}: expected ${expected} or nothing, found ${found}`, {
    fix: 'Nothing was written. Move it away and run init again.',
  })
}

/** What cannot be written, in words for a person; any other error as it is. */
export function refusalOf(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error) || !('code' in error)) return error
  const denied = ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
  return new Failure(denied ? 'NOT_PERMITTED' : 'FAILURE', `the bundle cannot be written: ${error.message}`, {
    cause: error,
  })
}
