import { closeSync } from 'node:fs'
import { openLogFile } from '../log/open-log-file.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { lookupUser } from '../system/user.ts'

/**
 * Makes sure that the workers will be able to open the access log with the rights they have, creating it for them where
 * they may not. Throws Failure CONFIG_INVALID.
 */
export function claimAccessLog({ accessLogfile, user, group }: ServerConfig): void {
  if (accessLogfile === null || accessLogfile === '-') return
  closeSync(openLogFile(accessLogfile, lookupUser(user, group)))
}
