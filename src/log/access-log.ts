import { composeBy } from './access/compose.ts'
import type { AccessEntry, AccessWriter } from './access/entry.ts'
import { AccessOutlet, type AccessTrouble } from './access/outlet.ts'
import type { Owner } from './borrow-rights.ts'
import type { Logger } from './logger.ts'

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
  /** A path, or `-` for standard output. */
  readonly file: string
  readonly format: string
  readonly writer: AccessWriter
  readonly owner: Owner | null
  /** Where trouble with the access log itself is told. */
  readonly log: Logger
}

/** Opens the access log of a worker. Throws Failure CONFIG_INVALID when the file cannot be opened. */
export function createAccessLog({ file, format, writer, owner, log }: AccessLogOptions): AccessLog {
  const compose = composeBy(format, writer)
  const outlet = new AccessOutlet({ file, owner, onTrouble: (trouble) => tell(log, trouble) })
  return {
    write: (entry) => outlet.write(compose(entry, outlet.limit)),
    reopen: () => outlet.reopen(),
    flush: () => outlet.flush(),
    close: () => outlet.close(),
  }
}

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
