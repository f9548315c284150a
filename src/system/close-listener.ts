import { closeSync, lstatSync, unlinkSync } from 'node:fs'
import type { Listener } from './listener.ts'

/**
 * Closes the descriptor, and removes the socket file if it is still the one we made.
 * A file that cannot be removed stays: the next start finds nobody listening on it and replaces it.
 */
export function closeListener(listener: Listener): void {
  // The file goes first, so that at no time a path leads to a socket that nobody listens on.
  unlinkListener(listener)
  closeSync(listener.fd)
}

/** Removes the socket file alone, for a descriptor that somebody else closes. */
export function unlinkListener({ address, file, unlinkOnClose }: Listener): void {
  if (unlinkOnClose && address.kind === 'unix') unlinkOwn(address.path, file)
}

function unlinkOwn(path: string, own: Listener['file']): void {
  try {
    const { dev, ino } = lstatSync(path)
    if (own !== null && dev === own.device && ino === own.inode) unlinkSync(path)
  } catch {
    // Gone already, or not ours to remove any more.
  }
}
