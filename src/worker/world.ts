import type { ExitCode } from '../contract/exit-codes.ts'

/** What only the program's entry may touch. */
export type World = {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Ends the process, also while it is ending already. */
  readonly exit: (code: ExitCode) => void
  /** Shows the application the command line it would have had under node. */
  readonly pose: (script: string) => void
}
