import { closeSync, lstatSync, unlinkSync } from 'node:fs'
import type { Listener } from './listener.ts'
import { refuseNewcomers } from './refuse-newcomers.ts'

/**
 * Closes the descriptor. A listener of ours gets no new connections from before that, although workers may have it open
 * still: the socket file is removed if it is the one we made, and a TCP socket turns newcomers away.
 * A file that cannot be removed stays: the next start finds nobody listening on it and replaces it.
 */
export function closeListener(listener: Listener): void {
  // The address goes first, so that at no time it leads to a socket that nobody accepts on.
  if (listener.isOurs && listener.address.kind === 'tcp') refuseNewcomers(listener.fd)
  unlinkListener(listener)
  closeSync(listener.fd)
}

/** Removes the socket file alone, for a descriptor that somebody else closes. */
export function unlinkListener({ address, file, isOurs }: Listener): void {
  if (isOurs && address.kind === 'unix') unlinkOwn(address.path, file)
}

function unlinkOwn(path: string, own: Listener['file']): void {
  try {
    const { dev, ino } = lstatSync(path)
    if (own !== null && dev === own.device && ino === own.inode) unlinkSync(path)
  } catch {
    // Gone already, or not ours to remove any more.
  }
}
