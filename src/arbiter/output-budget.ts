/** What may be told within one window, in milliseconds; more would keep the master from its work, and fill the disk. */
export const outputBudget = { lines: 10_000, bytes: 4 << 20, windowMs: 1000 } as const

/** Counts what a worker prints. */
export class OutputBudget {
  readonly #onOver: (lost: number) => void
  #since = Number.NEGATIVE_INFINITY
  #lines = 0
  #bytes = 0
  #lost = 0

  /** Hears, when a window is over, how many lines were too many in it. */
  constructor(onOver: (lost: number) => void) {
    this.#onOver = onOver
  }

  /** Whether one more line is to be told. */
  admits(line: string, now: number): boolean {
    if (now - this.#since >= outputBudget.windowMs) {
      this.settle()
      this.#since = now
    }
    const fits = this.#lines < outputBudget.lines && this.#bytes + line.length <= outputBudget.bytes
    if (fits) {
      this.#lines += 1
      this.#bytes += line.length
    } else {
      this.#lost += 1
    }
    return fits
  }

  /** Ends the window. */
  settle(): void {
    const lost = this.#lost
    this.#lines = 0
    this.#bytes = 0
    this.#lost = 0
    if (lost > 0) this.#onOver(lost)
  }
}
