import type { StartOrder } from '../contract/messages.ts'
import { type AccessLog, createAccessLog } from '../log/access-log.ts'
import type { Logger } from '../log/logger.ts'
import type { ServerConfig } from '../settings/server-table.ts'

/** The access log of a worker that serves, or null where none is wanted. Throws Failure CONFIG_INVALID. */
export function openAccessLog(
  { config, worker, slot, trial }: StartOrder<ServerConfig>,
  log: Logger,
): AccessLog | null {
  const { accessLogfile: file, accessLogformat: format } = config
  if (file === null || trial) return null
  const accessLog = createAccessLog({ file, format, writer: { pid: process.pid, worker, slot }, owner: null, log })
  // An application that ends its process by itself takes no line with it.
  process.on('exit', () => accessLog.flush())
  return accessLog
}

/** One thing to reopen, flush and close. */
export function both(log: Logger, accessLog: AccessLog): Logger {
  return {
    ...log,
    reopen: () => {
      accessLog.reopen()
      log.reopen()
    },
    flush: () => {
      accessLog.flush()
      log.flush()
    },
    close: () => {
      accessLog.close()
      log.close()
    },
  }
}
