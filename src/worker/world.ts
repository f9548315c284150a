import type { ExitCode } from '../contract/exit-codes.ts'
import type { Place } from './threads/place.ts'

/** What only the program's entry may touch. */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ends the process, or the thread, also while it is ending already. */
  readonly exit: (code: ExitCode) => void
  /** Shows the application the command line it would have had under node. */
  readonly pose: (script: string) => void
  /** What a thread of a worker has been given by its main thread; null in the main thread. */
  readonly place: Place | null
}
