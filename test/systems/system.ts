import type { ProgramResult } from '../helpers/run-program.ts'

export type RunOptions = {
  /** Who runs it; root otherwise. */
  readonly as?: string
  readonly input?: string
  /** Milliseconds until it has to have ended. */
  readonly within?: number
}

/** A Debian machine of the tests' own, with systemd as its first process. */
export type System = AsyncDisposable & {
  readonly name: string
  /** Runs a shell script inside, and returns how it ended. */
  readonly attempt: (script: string, options?: RunOptions) => Promise<ProgramResult>
  /** The same for a script that has to succeed: its output, without the last line feed. */
  readonly run: (script: string, options?: RunOptions) => Promise<string>
  /** Runs a program of this host in the network of the machine. */
  readonly visit: (file: string, args: readonly string[], options?: RunOptions) => Promise<ProgramResult>
  /** Starts a program of this host in the network of the machine: the words to start it with. */
  readonly inNetwork: (file: string, args: readonly string[]) => readonly [string, readonly string[]]
  /** The words before a program that run it inside, as root. */
  readonly entry: () => readonly string[]
  readonly write: (path: string, content: string, mode?: string) => Promise<void>
  /** What differs from the machine as it was made: paths of files, links and folders. */
  readonly changes: () => Promise<readonly string[]>
  readonly reboot: () => Promise<void>
  /** For a person: the line that opens a shell inside, and the one that ends it when it was kept. */
  readonly enterBy: string
  readonly endBy: string
  /** From now on it outlives this process. */
  readonly release: () => void
}
