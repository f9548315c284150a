import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A folder of our own that only we can enter. */
export type Scratch = {
  readonly path: string
  readonly remove: () => Promise<void>
}

/**
 * The kernel allows 107 bytes for the path of a unix socket. Below the scratch folder a socket needs
 * `/run/NAME/NNN.sock`, so the folder itself has to be short.
 */
const longestPath = 60

/** Makes a fresh folder with mode 0700 below `base`, or below /tmp when `base` is too deep for unix sockets. */
export async function createScratch(base: string): Promise<Scratch> {
  const preferred = await realpath(base).catch(() => '/tmp')
  const suffix = '/tsicorn-XXXXXX'
  const parent = Buffer.byteLength(preferred + suffix) <= longestPath ? preferred : '/tmp'
  const path = await mkdtemp(join(parent, 'tsicorn-'))
  return {
    path,
    // Processes that are just ending may still write: then the folder is not empty at the first try.
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }),
  }
}
