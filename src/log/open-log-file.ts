import { closeSync, constants, fchownSync, fstatSync, openSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { type Owner, withRightsOf } from './borrow-rights.ts'
import { followTrusted } from './follow-trusted.ts'

// O_NOFOLLOW: whoever owns the directory could put a link to any file there (CVE-2016-1247).
// O_NONBLOCK: a FIFO without reader is an error then, and a slow reader cannot stop us.
const flags =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NOFOLLOW |
  constants.O_NONBLOCK |
  constants.O_NOCTTY
const mode = 0o640

/**
 * Opens a log file for appending, creating it with mode 0640, and returns the descriptor.
 * As root, and with an owner, everything happens with the owner's rights. Only where the owner may not write and nobody but root
 * may change the directories above does root open the file, and gives it to the owner.
 * Throws Failure CONFIG_INVALID.
 */
export function openLogFile(path: string, owner: Owner | null): number {
  try {
    if (owner === null || owner.uid === 0 || process.geteuid?.() !== 0) return openHere(path)
    return openFor(path, owner)
  } catch (error) {
    throw error instanceof Failure ? error : explain(path, error as NodeJS.ErrnoException)
  }
}

function openFor(path: string, owner: Owner): number {
  try {
    return withRightsOf(owner, () => openHere(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error
  }
  const { directory, weak } = followTrusted(dirname(path))
  if (weak !== null) throw refuse(path, `user id ${owner.uid} may not write it, and ${weak} is not root's alone`)
  const fd = openHere(join(directory, basename(path)))
  const file = fstatSync(fd)
  if (file.isFile() && file.nlink === 1) fchownSync(fd, owner.uid, owner.gid)
  closeSync(fd)
  // Opened again as the owner, as each worker will: a directory closed to the owner shows at the start, not in a worker.
  return withRightsOf(owner, () => openHere(path))
}

function openHere(path: string): number {
  const fd = openSync(path, flags, mode)
  const file = fstatSync(fd)
  if (file.isFile() || file.isCharacterDevice() || file.isFIFO()) return fd
  closeSync(fd)
  throw refuse(path, 'it is neither a file nor a character device nor a FIFO')
}

const reasons: Readonly<Record<string, string>> = {
  ELOOP: 'it is a symbolic link, and links are not followed there',
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EROFS: 'its file system is read-only',
  ENXIO: 'it is a FIFO that nobody reads, or a socket',
}

function explain(path: string, error: NodeJS.ErrnoException): Failure {
  return refuse(path, reasons[error.code ?? ''] ?? error.message, error)
}

function refuse(path: string, why: string, cause?: unknown): Failure {
  const link = (cause as NodeJS.ErrnoException | undefined)?.code === 'ELOOP'
  return new Failure('CONFIG_INVALID', `cannot open the log file ${JSON.stringify(path)}: ${why}`, {
    fix: link
      ? 'name the file itself, or - for stderr'
      : 'name a file in a directory of the user the workers run as, or - for stderr',
    cause,
  })
}
