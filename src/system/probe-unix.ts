import { closeSync } from 'node:fs'
import { findUnixHolder, type Holder, named } from './holder.ts'
import { libc } from './libc.ts'
import { family, socketOption, socketType } from './numbers.ts'
import { describeProcess, isRunning } from './proc.ts'
import { encodeUnix } from './socket-address.ts'
import type { SystemError } from './system-error.ts'

export type ProbeAnswer =
  | { readonly state: 'live'; readonly holder: Holder | null }
  /** Nobody listens. */
  | { readonly state: 'dead' }
  /** We may not connect, so nothing is known. */
  | { readonly state: 'closed' }
  | { readonly state: 'gone' }

/** Finds out by connecting whether someone listens on a unix socket, and who. */
export function probeUnix(path: string): ProbeAnswer {
  const fd = libc().socket(family.unix, socketType.stream)
  try {
    libc().connect(fd, encodeUnix(path))
    return { state: 'live', holder: findUnixHolder(path) ?? findPeer(fd) }
  } catch (error) {
    return answerFor((error as SystemError).code, path)
  } finally {
    closeSync(fd)
  }
}

function answerFor(code: string, path: string): ProbeAnswer {
  switch (code) {
    case 'ECONNREFUSED':
      return { state: 'dead' }
    case 'ENOENT':
      return { state: 'gone' }
    case 'EACCES':
    case 'EPERM':
      return { state: 'closed' }
    default:
      // EAGAIN is a full queue, EPROTOTYPE a datagram socket: someone is there (connect(2)).
      return { state: 'live', holder: findUnixHolder(path) }
  }
}

/** The process that called listen(2), which may be gone while its children serve on (SO_PEERCRED, unix(7)). */
function findPeer(fd: number): Holder | null {
  const [pid = 0] = libc().getOption(fd, socketOption.peerCredentials)
  return isRunning(pid) ? named(describeProcess(pid)) : null
}
