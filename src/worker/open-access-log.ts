import { type StartOrder, usualOutlets } from '../contract/messages.ts'
import { type AccessLog, createAccessLog } from '../log/access-log.ts'
import type { Logger } from '../log/logger.ts'
import type { OpenLog } from '../log/open-log.ts'
import type { ServerConfig } from '../settings/server-table.ts'

/** The access log of a worker that serves, or null where none is wanted. Throws Failure CONFIG_INVALID. */
export function openAccessLog(order: StartOrder<ServerConfig>, { log, syslog }: OpenLog): AccessLog | null {
  const { config, worker, slot, trial, outlets = usualOutlets } = order
  const { accessLogfile: file, accessLogformat: format } = config
  const also = syslog?.access ?? null
  if ((file === null && also === null) || trial) return null
  const writer = { pid: process.pid, worker, slot }
  const accessLog = createAccessLog({ file, stdout: outlets.stdout, also, format, writer, owner: null, log })
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
