import { closeSync, constants, openSync } from 'node:fs'
import { libc } from './libc.ts'

const cell = new Int32Array(new SharedArrayBuffer(4))

/** How often and how long to wait for another process that holds the lock, in milliseconds. */
const attempts = 40
const pause = 25

/**
 * Does something synchronous while no other tsicorn does so in the same directory.
 * A directory that cannot be read, or a lock that someone keeps for a second, is no reason not to go on.
 */
export function withDirectoryLock<Result>(directory: string, act: () => Result): Result {
  const fd = openDirectory(directory)
  if (fd === null) return act()
  try {
    for (let attempt = 0; attempt < attempts && !libc().lock(fd); attempt += 1) Atomics.wait(cell, 0, 0, pause)
    return act()
  } finally {
    closeSync(fd)
  }
}

function openDirectory(directory: string): number | null {
  try {
    return openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return null
    throw error
  }
}
