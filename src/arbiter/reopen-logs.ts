import type { Logger } from '../log/logger.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { claimAccessLog } from './claim-access-log.ts'

/** Opens the log files anew after rotation. Returns whether the workers may do the same. */
export function reopenLogs(log: Logger, config: ServerConfig): boolean {
  log.reopen()
  try {
    claimAccessLog(config)
    return true
  } catch (err) {
    const { message } = err as Error
    log.error({ event: 'access-log.reopen-failed', err }, `the access log stays the file it was: ${message}`)
    return false
  }
}
