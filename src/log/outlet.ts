import type { Owner } from './borrow-rights.ts'
import type { Format } from './format.ts'
import type { LogLevel } from './levels.ts'
import { createSink, type Sink } from './sink.ts'
import { openTarget, type Target } from './target.ts'

export type OutletOptions = {
  /** A path, or `-` for stderr. */
  readonly file: string
  /** The descriptor where stderr leads. */
  readonly stderr: number
  readonly owner: Owner | null
  readonly format: Format
  /** Fields of every record. */
  readonly base: Readonly<Record<string, unknown>>
}

/**
 * Where records leave the process. It knows what was lost on the way, and says so as soon as something arrives again.
 * Making one throws Failure CONFIG_INVALID when the file cannot be opened; nothing after that throws.
 */
export class Outlet {
  readonly #options: OutletOptions
  #target: Target
  #sink: Sink
  #lost = 0
  #reason = ''
  #isClosed = false

  constructor(options: OutletOptions) {
    this.#options = options
    this.#target = openTarget(options.file, options.owner, options.stderr)
    this.#sink = createSink(this.#target.fd)
  }

  /** Takes a record as JSON. */
  write(json: string): void {
    if (this.#isClosed) return
    if (!this.reportLost()) {
      this.#lost += 1
      return
    }
    const problem = this.#put(json)
    if (problem === null) return
    this.#lost = 1
    this.#reason = problem
  }

  /** Writes a record of our own making, whatever the log level. */
  say(level: LogLevel, fields: object, message: string): void {
    this.write(this.#compose(level, fields, message))
  }

  /** Whether nothing that was lost is left untold. */
  reportLost(): boolean {
    if (this.#lost === 0 || this.#isClosed) return true
    const fields = { event: 'log.lost', lost: this.#lost, reason: this.#reason }
    const problem = this.#put(this.#compose('warning', fields, `${this.#lost} log lines were lost: ${this.#reason}`))
    if (problem === null) this.#lost = 0
    else this.#reason = problem
    return problem === null
  }

  reopen(): void {
    if (this.#isClosed) return
    try {
      const fresh = openTarget(this.#options.file, this.#options.owner, this.#options.stderr)
      this.#target.close()
      this.#target = fresh
      this.#sink = createSink(fresh.fd)
      this.reportLost()
    } catch (error) {
      const fields = { event: 'log.reopen-failed' }
      this.say('error', fields, `the log file is kept as it was: ${(error as Error).message}`)
    }
  }

  /** Another file may get the same descriptor, so nothing is written from here on. */
  close(): void {
    if (this.#isClosed) return
    this.reportLost()
    this.#target.close()
    this.#isClosed = true
  }

  #put(json: string): string | null {
    return this.#sink.write(this.#options.format(json, this.#target.limit))
  }

  #compose(level: LogLevel, fields: object, msg: string): string {
    return JSON.stringify({ level, time: new Date().toISOString(), ...this.#options.base, ...fields, msg })
  }
}
