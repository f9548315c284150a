import { composeBy } from './access/compose.ts'
import type { AccessEntry, AccessWriter } from './access/entry.ts'
import { AccessOutlet, type AccessTrouble } from './access/outlet.ts'
import type { Owner } from './borrow-rights.ts'
import type { Logger } from './logger.ts'
import { longestMessage } from './syslog/message.ts'

export type { AccessEntry } from './access/entry.ts'

/** One line for each request. Nothing here throws once it is made. */
export type AccessLog = {
  readonly write: (entry: AccessEntry) => void
  /** Opens the file anew, after rotation renamed it; lines of before go to the old one. */
  readonly reopen: () => void
  /** Writes what waits, at once. */
  readonly flush: () => void
  readonly close: () => void
}

export type AccessLogOptions = {
  /** A path, or `-` for standard output; null where lines go to syslog only. */
  readonly file: string | null
  /** The descriptor where standard output leads. */
  readonly stdout: number
  /** Where lines go besides; null for nowhere. */
  readonly also: ((line: string) => void) | null
  readonly format: string
  readonly writer: AccessWriter
  readonly owner: Owner | null
  /** Where trouble with the access log itself is told. */
  readonly log: Logger
}

/** Opens the access log of a worker. Throws Failure CONFIG_INVALID when the file cannot be opened. */
export function createAccessLog({ file, stdout, also, format, writer, owner, log }: AccessLogOptions): AccessLog {
  const compose = composeBy(format, writer)
  if (file === null) return { ...nowhere, write: (entry) => also?.(compose(entry, longestMessage)) }
  const outlet = new AccessOutlet({ file, stdout, owner, onTrouble: (trouble) => tell(log, trouble) })
  const write = (entry: AccessEntry): void => {
    const line = compose(entry, outlet.limit)
    outlet.write(line)
    also?.(line)
  }
  return {
    write: also === null ? (entry) => outlet.write(compose(entry, outlet.limit)) : write,
    reopen: () => outlet.reopen(),
    flush: () => outlet.flush(),
    close: () => outlet.close(),
  }
}

const nowhere = { reopen: () => {}, flush: () => {}, close: () => {} }

function tell(log: Logger, trouble: AccessTrouble): void {
  const { reason } = trouble
  if (trouble.type === 'over') {
    const { lost } = trouble
    log.warning({ event: 'access-log.lost', lost, reason }, `${lost} lines of the access log were lost: ${reason}`)
  } else if (trouble.type === 'stuck') {
    log.warning({ event: 'access-log.stuck', reason }, `the access log cannot be written: ${reason}; lines are kept`)
  } else {
    log.error({ event: 'access-log.reopen-failed', reason }, `the access log stays the file it was: ${reason}`)
  }
}
