import { fstatSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { ServerConfig } from '../settings/server-table.ts'
import type { Owner } from './borrow-rights.ts'
import { createLogger, type Form, type Logger, type Tap } from './logger.ts'
import { LogRelay } from './relay.ts'
import { openSyslog, type Syslog } from './syslog/syslog.ts'

export type LogPlan = {
  readonly config: ServerConfig
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whose rights open the log file when we are root. */
  readonly owner: Owner | null
  /** Fields of every record. */
  readonly base: Readonly<Record<string, unknown>>
  /** Where stderr leads. */
  readonly stderr: number
  /** A datagram socket that leads to syslog, where that has one. */
  readonly syslog: number | null
}

/** The log of a process: the same places and the same form in master and workers. */
export type OpenLog = {
  readonly log: Logger
  readonly syslog: Syslog | null
  /** Leads to the function of the config file, once that is known. */
  readonly relay: LogRelay
}

/** Throws Failure CONFIG_INVALID when the log file cannot be opened. */
export function openLog(plan: LogPlan): OpenLog {
  const { config, owner, base, stderr, syslog: fd } = plan
  const relay = new LogRelay()
  const syslog = openSyslog({
    ...{ config, fd },
    onTrouble: (trouble) => {
      const { reason } = trouble
      if (trouble.type === 'stuck')
        return log.warning(
          { event: 'syslog.stuck', reason },
          `syslog takes no messages: ${reason}; some are kept for it`,
        )
      const { lost } = trouble
      log.warning({ event: 'syslog.lost', lost, reason }, `${lost} messages to syslog were lost: ${reason}`)
    },
  })
  const { logLevel: level, errorLogfile: file } = config
  const taps: readonly Tap[] = syslog === null ? [relay] : [relay, { ...syslog, take: syslog.record }]
  const log = createLogger({ level, file, owner, base, stderr, taps, form: formOf(plan) })
  return { log, syslog, relay }
}

function formOf({ config, env, stderr }: LogPlan): Form {
  const toStderr = config.errorLogfile === '-'
  const isTerminal = toStderr && isatty(stderr)
  const lines = isTerminal && !env['NO_COLOR'] ? 'coloured' : 'plain'
  switch (config.logFormat) {
    case 'pretty':
      return lines
    case 'auto':
      if (isTerminal) return lines
      return toStderr && isJournal(stderr, env['JOURNAL_STREAM']) ? 'journal' : 'json'
    default:
      return config.logFormat
  }
}

/** systemd names the device and inode of the stream it connected to the journal (systemd.exec(5), $JOURNAL_STREAM). */
function isJournal(stderr: number, stream: string | undefined): boolean {
  if (stream === undefined) return false
  const { dev, ino } = fstatSync(stderr)
  return stream === `${dev}:${ino}`
}
