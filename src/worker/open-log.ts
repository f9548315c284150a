import { fstatSync } from 'node:fs'
import { isatty } from 'node:tty'
import { createLogger, type Logger } from '../log/logger.ts'
import { withOutput } from '../log/standard-output.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { redirectOutput } from '../system/redirect-output.ts'

/** The worker's log: the same place and the same form as the master's. Throws Failure CONFIG_INVALID. */
export function openLog(
  config: ServerConfig,
  env: Readonly<Record<string, string | undefined>>,
  who: { readonly worker: number; readonly thread?: number },
): Logger {
  const toStderr = config.errorLogfile === '-'
  const terminal = toStderr && isatty(2)
  const log = createLogger({
    ...{ level: config.logLevel, file: config.errorLogfile, pretty: terminal },
    journal: toStderr && isJournal(env['JOURNAL_STREAM']),
    colour: terminal && !env['NO_COLOR'],
    base: { pid: process.pid, ...who },
  })
  if (!config.daemon) return log
  return withOutput(log, { file: config.errorLogfile, owner: null, redirect: redirectOutput })
}

/** systemd names the device and inode of the stream it connected to the journal (systemd.exec(5), $JOURNAL_STREAM). */
function isJournal(stream: string | undefined): boolean {
  if (stream === undefined) return false
  const { dev, ino } = fstatSync(2)
  return stream === `${dev}:${ino}`
}
