import {
  chownSync,
  closeSync,
  constants,
  fstatSync,
  lchownSync,
  lstatSync,
  openSync,
  rmSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { withDirectoryLock } from './directory-lock.ts'
import { letPass, unseenHolder } from './holder.ts'
import { libc } from './libc.ts'
import type { Listener, ListenOptions } from './listener.ts'
import { family, socketType } from './numbers.ts'
import { closedOnFailure } from './open-tcp.ts'
import { probeUnix } from './probe-unix.ts'
import { encodeUnix, longestPath } from './socket-address.ts'

/**
 * Listens on a unix socket. The file has its mode from the first moment, and its owner before anyone can connect.
 * A left-over that nobody listens on is replaced; a path where someone answers, or which is no socket, is left alone.
 * Throws Failure BIND_IN_USE, BIND_NOT_A_SOCKET or BIND_REFUSED.
 */
export function openUnix(path: string, options: ListenOptions): Listener {
  checkPath(path)
  try {
    // Two masters that start at once would both find the left-over dead, and the second would remove the first one's socket.
    return withDirectoryLock(dirname(path), () => {
      clearPath(path)
      return bindAt(path, options)
    })
  } catch (error) {
    if (error instanceof Failure) throw error
    throw explain(path, error as NodeJS.ErrnoException)
  }
}

function checkPath(path: string): void {
  const bytes = Buffer.byteLength(path)
  if (bytes > longestPath) {
    throw refuse(
      path,
      `the path has ${bytes} bytes, and the system takes at most ${longestPath}`,
      'choose a shorter path',
    )
  }
  if (!path.startsWith('/')) throw refuse(path, 'the path must be absolute')
  if (path.includes('\0')) throw refuse(path, 'the path holds a NUL')
}

function clearPath(path: string): void {
  const file = lstatSync(path, { throwIfNoEntry: false })
  if (file === undefined) return
  if (!file.isSocket()) {
    throw new Failure('BIND_NOT_A_SOCKET', `cannot listen on ${show(path)}: ${kindOf(file)} stands there`, {
      fix: 'remove it if it is not needed, or choose another path',
    })
  }
  const answer = probeUnix(path)
  if (answer.state === 'live') {
    const words = `${show(path)} is in use by ${answer.holder?.words ?? 'another process'}`
    const fix = 'stop it, or choose another path'
    throw new Failure('BIND_IN_USE', words, { fix, mayPass: letPass(answer.holder ?? unseenHolder(file.uid)) })
  }
  if (answer.state === 'closed') {
    throw refuse(path, 'a socket of another user stands there, and whether someone listens on it cannot be known')
  }
  if (answer.state === 'dead') unlinkSync(path)
}

function kindOf(file: Stats): string {
  if (file.isSymbolicLink()) return 'a symbolic link'
  if (file.isDirectory()) return 'a directory'
  return file.isFile() ? 'a regular file' : 'something that is not a socket'
}

function bindAt(path: string, { backlog, mode, owner }: ListenOptions): Listener {
  const fd = libc().socket(family.unix, socketType.stream)
  return closedOnFailure(fd, () => {
    // The kernel makes the file with 0777 less the umask; a chmod afterwards would leave a moment for anyone to connect.
    const umask = process.umask(0o777 & ~mode)
    try {
      libc().bind(fd, encodeUnix(path))
    } finally {
      process.umask(umask)
    }
    try {
      const { dev: device, ino: inode } = owner === null ? lstatSync(path) : give(path, owner)
      libc().listen(fd, backlog)
      return {
        fd,
        address: { kind: 'unix', path },
        label: `unix:${path}`,
        file: { device, inode },
        isOurs: true,
      }
    } catch (error) {
      rmSync(path, { force: true })
      throw error
    }
  })
}

/** O_PATH of Linux: names a file without opening it. */
const pathOnly = 0o10000000

/** Changes the owner of exactly the socket at the path: whoever may write the directory might put a link in its place. */
function give(path: string, { uid, gid }: { uid: number; gid: number }): Stats {
  const fd = openSync(path, pathOnly | constants.O_NOFOLLOW)
  try {
    const file = fstatSync(fd)
    if (!file.isSocket()) throw refuse(path, 'it was replaced while it was being made')
    if (file.uid !== uid || file.gid !== gid) chownSync(`/proc/self/fd/${fd}`, uid, gid)
    return file
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    lchownSync(path, uid, gid)
    return fstatSync(fd)
  } finally {
    closeSync(fd)
  }
}

function explain(path: string, error: NodeJS.ErrnoException): Failure {
  const directory = dirname(path)
  switch (error.code) {
    case 'ENOENT':
      return refuse(
        path,
        `the directory ${show(directory)} does not exist`,
        'create it, owned by the user that starts tsicorn',
      )
    case 'ENOTDIR':
      return refuse(path, `${show(directory)} is not a directory`)
    case 'EACCES':
    case 'EPERM':
      return refuse(
        path,
        `permission denied in ${show(directory)}`,
        'choose a directory that the user starting tsicorn may write',
      )
    case 'EROFS':
      return refuse(path, 'the file system is read-only')
    case 'EADDRINUSE':
      return new Failure('BIND_IN_USE', `${show(path)} was taken by another process in this moment`)
    default:
      return refuse(path, error.message)
  }
}

function refuse(path: string, why: string, fix?: string): Failure {
  return new Failure('BIND_REFUSED', `cannot listen on ${show(path)}: ${why}`, fix === undefined ? {} : { fix })
}

function show(path: string): string {
  const safe = JSON.stringify(path).slice(1, -1)
  return safe === path ? path : `"${safe}"`
}
