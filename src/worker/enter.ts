import { basename } from 'node:path'
import { Failure } from '../contract/errors.ts'
import type { Tls } from '../http/tls.ts'
import { dropPrivileges } from '../system/drop-privileges.ts'
import { readTls } from './read-tls.ts'
import type { Start } from './start-up.ts'

/**
 * Becomes the process that the application is to run in, and returns what had to be read before. Threads share all of it
 * and may change none of it. Throws Failure.
 */
export function enter(order: Start): Tls | null {
  const { config, identity } = order
  const { umask, chdir, name, app } = config
  const tls = readTls(config, order)
  if (identity !== null) dropPrivileges(identity)
  process.umask(umask)
  if (chdir !== null) changeDirectory(chdir)
  process.title = `tsicorn: worker [${name ?? basename(app ?? '')}]`
  return tls
}

function changeDirectory(path: string): void {
  try {
    process.chdir(path)
  } catch (cause) {
    throw new Failure('WORKER_BOOT', `cannot change to the directory ${path}: ${(cause as Error).message}`, { cause })
  }
}
