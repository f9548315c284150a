import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { posix } from 'node:path'
import { trustedPath } from './trusted-path.ts'
import { absent, type Found } from './wanted.ts'

/** The file system of a host, or of a staging directory that becomes one. Paths are those below its root. */
export type Disk = {
  readonly look: (path: string) => Found
  /** Directories that would have to be made so that a path can be written, outermost first. */
  readonly missingAbove: (path: string) => readonly string[]
  /** Makes a path hold something else, in one step: whoever looks sees the one or the other. */
  readonly put: (path: string, what: Found, change: string) => void
  /** Keeps what is at a path under another name until `release`, so that it comes back without any room on the disk. */
  readonly retain: (path: string, change: string) => void
  readonly release: (path: string, change: string) => void
}

/** The disk below `root`; `owns` says whether owners can be set. */
export function createDisk(root: string, owns: boolean): Disk {
  const real = (path: string) => trustedPath(root, path).path
  return {
    look: (path) => lookAt(root, path),
    missingAbove: (path) => trustedPath(root, path).missing.map((one) => one.slice(root.length)),
    put: (path, what, change) => place({ path: real(path), what, change, owns }),
    retain: (path, change) => {
      const target = real(path)
      rmSync(nameOf(target, 'old', change), { force: true })
      if (lstatSync(target, { throwIfNoEntry: false })?.isFile()) linkSync(target, nameOf(target, 'old', change))
    },
    release: (path, change) => {
      const { path: target, missing } = trustedPath(root, path)
      if (missing.length > 0) return
      for (const kind of ['old', 'new'] as const) rmSync(nameOf(target, kind, change), { force: true })
    },
  }
}

// nginx, systemd and logrotate all pass over names that begin with a dot and end with ~.
function nameOf(path: string, kind: 'old' | 'new', change: string): string {
  return posix.join(posix.dirname(path), `.${posix.basename(path)}.${change}.${kind}~`)
}

function lookAt(root: string, path: string): Found {
  const target = posix.join(root, path)
  try {
    const stats = lstatSync(target, { throwIfNoEntry: false })
    if (stats === undefined) return absent
    const owner = { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid }
    if (stats.isSymbolicLink()) return { kind: 'link', target: readlinkSync(target) }
    if (stats.isDirectory()) return { kind: 'directory', ...owner }
    if (!stats.isFile()) return { kind: 'other', words: 'is neither a file nor a directory' }
    return { kind: 'file', base64: readFileSync(target).toString('base64'), ...owner }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOTDIR') return absent
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'other', words: 'may be read by root only' }
    throw error
  }
}

type Placing = { readonly path: string; readonly what: Found; readonly change: string; readonly owns: boolean }

function place({ path, what, change, owns }: Placing): void {
  if (what.kind === 'other') throw new Error(`${path} ${what.words}`)
  if (what.kind === 'directory') placeDirectory(path, what, owns)
  if (what.kind === 'absent') remove(path)
  if (what.kind === 'file' || what.kind === 'link') placeDraft({ path, what, change, owns })
}

function placeDirectory(path: string, what: Extract<Found, { kind: 'directory' }>, owns: boolean): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { mode: 0o700 })
  if (owns) chownSync(path, what.uid, what.gid)
  chmodSync(path, what.mode)
}

// A directory with something in it is in use, and stays.
function remove(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isDirectory()) return rmSync(path)
  try {
    rmdirSync(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTEMPTY')) throw error
  }
}

function placeDraft({ path, what, change, owns }: Placing): void {
  const draft = nameOf(path, 'new', change)
  const old = nameOf(path, 'old', change)
  rmSync(draft, { force: true })
  if (what.kind === 'file' && isThat(old, what)) return renameSync(old, path)
  if (what.kind === 'link') symlinkSync(what.target, draft)
  if (what.kind === 'file') writeDraft(draft, what, owns)
  renameSync(draft, path)
  syncDirectory(posix.dirname(path))
}

function isThat(path: string, { base64, mode, uid, gid }: Extract<Found, { kind: 'file' }>): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile() || (stats.mode & 0o7777) !== mode || stats.uid !== uid || stats.gid !== gid) return false
  return readFileSync(path).toString('base64') === base64
}

function writeDraft(path: string, what: Extract<Found, { kind: 'file' }>, owns: boolean): void {
  const fd = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600)
  try {
    writeFileSync(fd, Buffer.from(what.base64, 'base64'))
    if (owns) fchownSync(fd, what.uid, what.gid)
    fchmodSync(fd, what.mode)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** A rename is on the disk once its directory is. */
export function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
