import type { Owner } from './borrow-rights.ts'
import type { Logger } from './logger.ts'
import { openLogFile } from './open-log-file.ts'

/** For a process without a terminal: what anybody prints goes to the log file too. */
export type Output = {
  readonly file: string
  readonly owner: Owner | null
  /** Makes standard output and error lead to where the descriptor does, and closes it. */
  readonly redirect: (fd: number) => void
}

/** From now on what is printed goes to the log file. Throws Failure CONFIG_INVALID when that cannot be opened. */
export function sendOutput({ file, owner, redirect }: Output): void {
  redirect(openLogFile(file, owner))
}

/** The same logger; when it opens its file anew, what is printed follows. */
export function withOutput(log: Logger, output: Output): Logger {
  return {
    ...log,
    reopen: () => {
      log.reopen()
      try {
        sendOutput(output)
      } catch {
        // The logger has met the same trouble, and has said so.
      }
    },
  }
}
