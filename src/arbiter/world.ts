import type { Logger } from '../log/logger.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { Notifier } from '../system/notify.ts'
import type { Ears } from './ears.ts'
import type { Heir } from './heir.ts'
import type { ListenerBook } from './listener-book.ts'
import type { Loop } from './loop.ts'
import type { MasterHooks } from './master-hooks.ts'
import type { Measures } from './measures.ts'

/** What a master's loop has to do with. */
export type World = {
  readonly config: ServerConfig
  readonly book: ListenerBook
  readonly log: Logger
  /** A datagram socket that leads to syslog; null where there is none. */
  readonly syslog: number | null
  readonly notifier: Notifier
  /** Hears signals since before there was anything to lose. */
  readonly ears: Ears
  readonly env: NodeJS.ProcessEnv
  readonly onTerminal: boolean
  /** How often the service manager wants a sign of life at the latest, in milliseconds; null when it does not. */
  readonly watchdogPeriod: number | null
  /** The command line this master was started with, script first, and where. */
  readonly command: readonly string[]
  readonly cwd: string
  /** When the master began, on the clock of performance.now(). */
  readonly startedAt: number
  readonly version: string
  readonly hooks: MasterHooks
  /** Counts for those who watch from outside; null where nobody does. */
  readonly measures: Measures | null
  /** What an old master handed over, when this one follows it. */
  readonly heir: Heir | null
  /** Takes over what is the only master's alone, such as the name of the pid file. */
  readonly inherit: (loop: Loop) => void
  /** Removes what a new master that is gone has left behind. */
  readonly tidyUp: (successor: number) => void
  /** Reads the config anew. Throws Failure. */
  readonly load: () => Promise<ServerConfig>
}
