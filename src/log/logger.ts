import type { Owner } from './borrow-rights.ts'
import { composer, isWanted } from './compose-record.ts'
import { createColourFormat, type Format, formatJournal, formatJson, formatPlain } from './format.ts'
import type { LogLevel } from './levels.ts'
import { Outlet } from './outlet.ts'

export type { LogLevel } from './levels.ts'

/** What a record carries besides its message. `event` is a stable name to search for; `err` may hold an error. */
export type LogFields = { readonly event: string; readonly [field: string]: unknown }

export type Write = (fields: LogFields, message: string) => void

/** Nothing here ever throws: a log that cannot be written never takes the server down. */
export type Logger = Readonly<Record<LogLevel, Write>> & {
  /** Opens the log file anew, after rotation renamed it. If that fails the old file stays in use, and a record says so. */
  readonly reopen: () => void
  /** Every record is written at once; this reports lines that were lost, if the destination works again. */
  readonly flush: () => void
  /** Closes the log file. What is logged afterwards is lost. */
  readonly close: () => void
}

/** JSON; lines for people, in colours or not; `<priority>message` for journald. */
export type Form = 'json' | 'plain' | 'coloured' | 'journal'

/** Gets each record as JSON, after it is written. Never throws. */
export type Tap = {
  readonly take: (json: string) => void
  /** Hands on what waits, as far as that is possible at once. */
  readonly flush: () => void
  readonly close: () => void
}

export type LoggerOptions = {
  readonly level: LogLevel
  /** A path, or `-` for stderr. */
  readonly file: string
  /** Where stderr leads; its usual number unless told. */
  readonly stderr?: number
  readonly form: Form
  /** Fields of every record. */
  readonly base: Readonly<Record<string, unknown>>
  /** Whose rights open the log file when we are root. */
  readonly owner?: Owner | null
  /** Where records go besides. */
  readonly taps?: readonly Tap[]
}

/** Makes the logger of a process. Throws Failure CONFIG_INVALID when the log file cannot be opened. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, file, owner = null, stderr = 2, taps = [] } = options
  const base = { pid: process.pid, ...options.base }
  const outlet = new Outlet({ file, owner, stderr, format: formats[options.form](), base })
  const compose = composer(base)
  const write = (json: string): void => {
    outlet.write(json)
    for (const tap of taps) tap.take(json)
  }
  const writeAt = (at: LogLevel): Write => {
    if (!isWanted(at, level)) return () => {}
    return (fields, message) => {
      try {
        write(compose(at, fields, message))
      } catch (error) {
        // A field could not be read, such as a getter that throws; what was meant is said all the same.
        outlet.say(at, { event: fields.event, unreadable: String(error) }, message)
      }
    }
  }
  return {
    debug: writeAt('debug'),
    info: writeAt('info'),
    warning: writeAt('warning'),
    error: writeAt('error'),
    critical: writeAt('critical'),
    reopen: () => outlet.reopen(),
    flush: () => {
      outlet.reportLost()
      for (const tap of taps) tap.flush()
    },
    close: () => {
      outlet.close()
      for (const tap of taps) tap.close()
    },
  }
}

const formats: Readonly<Record<Form, () => Format>> = {
  json: () => formatJson,
  plain: () => formatPlain,
  coloured: createColourFormat,
  journal: () => formatJournal,
}
