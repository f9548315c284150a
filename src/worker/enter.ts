import { basename } from 'node:path'
import { Failure } from '../contract/errors.ts'
import type { Tls } from '../http/tls.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { dropPrivileges } from '../system/drop-privileges.ts'
import { lookupUser } from '../system/user.ts'
import { readTls } from './read-tls.ts'

/**
 * Becomes the process that the application is to run in, and returns what had to be read before. Threads share all of it
 * and may change none of it. Throws Failure.
 */
export function enter(config: ServerConfig, order: { readonly trial: boolean }): Tls | null {
  const { user, group, umask, chdir, name, app } = config
  const tls = readTls(config, order)
  const identity = lookupUser(user, group)
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
