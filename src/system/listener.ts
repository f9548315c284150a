import { lstatSync } from 'node:fs'
import type { Address } from '../contract/listeners.ts'

/** A listening descriptor held by the master, which never accepts on it. */
export type Listener = {
  readonly fd: number
  /** The actual address: port 0 is resolved. */
  readonly address: Address
  /** As written in logs: `unix:/run/app.sock`, `127.0.0.1:8000`. */
  readonly label: string
  /** The socket file we made, by device and inode, or null when there is none or it is not ours to remove. */
  readonly file: { readonly device: number; readonly inode: number } | null
  /** Whether its address goes when we close it: nobody else is to accept there, as a supervisor or another master may. */
  readonly isOurs: boolean
}

export type ListenOptions = {
  readonly backlog: number
  /** Permission bits of a unix socket file, such as 0o660. */
  readonly mode: number
  /** Owner of a unix socket file; null leaves it to who we are. */
  readonly owner: { readonly uid: number; readonly gid: number } | null
  /** Lets other processes listen on the same TCP port (SO_REUSEPORT). */
  readonly reusePort?: boolean
}

/** Whether the socket file we made still stands at its path; a listener without one is always reachable. */
export function isReachable({ address, file }: Listener): boolean {
  if (address.kind !== 'unix' || file === null) return true
  try {
    const { dev, ino } = lstatSync(address.path)
    return dev === file.device && ino === file.inode
  } catch {
    return false
  }
}
