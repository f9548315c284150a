import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { withDirectoryLock } from './directory-lock.ts'
import { libc } from './libc.ts'
import { findRunningMaster } from './running-master.ts'

/** A pid file that is ours until released. */
export type Pidfile = {
  readonly path: string
  /** Renames it, replacing what stands there; for the hand-over to a new master. Throws Failure CONFIG_INVALID. */
  readonly moveTo: (path: string) => Pidfile
  /** Removes the file if it still is the one we wrote. Never throws. */
  readonly release: () => void
}

// O_NOFOLLOW with O_EXCL: in a directory that others may write, a link could lead the write to any file.
const createFlags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

/**
 * Writes our pid into a file, atomically and without following links, and keeps a lock on it as long as we live.
 * A lock ends with its process, so a file whose pid was given to another process since is known to be left over.
 * Throws Failure ALREADY_RUNNING when the file belongs to a living master, CONFIG_INVALID when it cannot be written.
 */
export function claimPidfile(path: string, pid: number): Pidfile {
  try {
    return withDirectoryLock(dirname(path), () => {
      const running = findRunningMaster(path, pid)
      if (running !== null) throw alreadyRunning(path, running)
      return create(path, pid)
    })
  } catch (error) {
    throw error instanceof Failure ? error : explain(path, error as NodeJS.ErrnoException)
  }
}

function create(path: string, pid: number): Pidfile {
  const temporary = `${path}.${pid}.new`
  removeIfThere(temporary)
  const fd = openSync(temporary, createFlags, 0o644)
  try {
    // Whoever watches the server reads it, whatever the umask.
    fchmodSync(fd, 0o644)
    writeSync(fd, `${pid}\n`)
    libc().lock(fd)
    renameSync(temporary, path)
    return hold(path, fd)
  } catch (error) {
    closeSync(fd)
    removeIfThere(temporary)
    throw error
  }
}

function hold(path: string, fd: number): Pidfile {
  return {
    path,
    moveTo: (target) => {
      try {
        renameSync(path, target)
      } catch (error) {
        throw explain(target, error as NodeJS.ErrnoException)
      }
      return hold(target, fd)
    },
    release: () => {
      try {
        const [there, ours] = [lstatSync(path), fstatSync(fd)]
        if (there.dev === ours.dev && there.ino === ours.ino) unlinkSync(path)
      } catch {
        // Gone already, or in a directory that is no longer ours to change: the lock ends all the same.
      }
      closeSync(fd)
    },
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function alreadyRunning(path: string, pid: number | null): Failure {
  const who = pid === null ? 'a running master' : `a running master, pid ${pid}`
  const fix = pid === null ? 'choose another pid file' : `stop it with: kill ${pid} — or choose another pid file`
  return new Failure('ALREADY_RUNNING', `the pid file ${JSON.stringify(path)} belongs to ${who}`, { fix })
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its directory does not exist',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  ELOOP: 'it is a symbolic link, and links are not followed there',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its file system is read-only',
  ENOSPC: 'no space left on its file system',
}

function explain(path: string, error: NodeJS.ErrnoException): Failure {
  const why = reasons[error.code ?? ''] ?? error.message
  return new Failure('CONFIG_INVALID', `cannot write the pid file ${JSON.stringify(path)}: ${why}`, {
    fix: 'choose a path in a directory that the user starting tsicorn may write',
    cause: error,
  })
}
