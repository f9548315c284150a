import type { Paint } from './paint.ts'

/** A stream a person reads. `columns` is known on a terminal only. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** A stream a person types on. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean }

/** Everything a command may know of the process it runs in. */
export type Context = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  /** Colours for stdout. */
  readonly paint: Paint
}

/** The flags of one command. Those that derive from a table of settings are as `flagSource` reads them. */
export type Flags = Readonly<Record<string, unknown>>
