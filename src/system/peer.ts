import type { Socket } from 'node:net'
import { libc } from './libc.ts'
import { socketOption } from './numbers.ts'

/** The user at the other end of a unix socket connection, by the kernel's word (SO_PEERCRED, unix(7)); null when it is gone. */
export function peerUid(socket: Socket): number | null {
  const { _handle: handle } = socket as unknown as { readonly _handle: { readonly fd: number } | null }
  if (handle === null || handle.fd < 0) return null
  // struct ucred is pid, uid and gid; ids have no sign.
  const [, uid] = libc().getOption(handle.fd, socketOption.peerCredentials)
  return uid === undefined ? null : uid >>> 0
}
