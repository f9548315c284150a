/** A way to a syslog daemon. */
export type Transport = {
  /** Takes a whole message and returns null, or why it cannot be taken at present. Never throws. */
  readonly send: (message: Buffer) => string | null
  readonly close: () => void
}

/** Calls back after so many milliseconds, unless the function it returns is called before. */
export type Later = (act: () => void, ms: number) => () => void

export type SyslogTrouble =
  | { readonly type: 'stuck'; readonly reason: string }
  | { readonly type: 'over'; readonly lost: number; readonly reason: string }

/** Messages beyond so many bytes are lost, and counted, while the daemon takes none. */
const mostKept = 1 << 20

/** Pauses before a new attempt, in milliseconds; they double. */
const pauses = { first: 2, longest: 500 } as const

/** After so many milliseconds without a message taken the trouble is told. */
const patience = 2000

const realLater: Later = (act, ms) => {
  const timer = setTimeout(act, ms).unref()
  return () => clearTimeout(timer)
}

/** Messages on their way to a syslog daemon. One that is slow or gone costs messages at most, never time. */
export class SyslogQueue {
  readonly #transport: Transport
  readonly #onTrouble: (trouble: SyslogTrouble) => void
  #waiting: Buffer[] = []
  #bytes = 0
  #lost = 0
  #reason = ''
  #pause = 0
  #stuckFor = 0
  #told = false
  readonly #later: Later
  #cancel: (() => void) | null = null

  constructor(transport: Transport, onTrouble: (trouble: SyslogTrouble) => void, later: Later = realLater) {
    this.#later = later
    this.#transport = transport
    this.#onTrouble = onTrouble
  }

  write(message: Buffer): void {
    if (this.#bytes + message.length > mostKept) {
      this.#lost += 1
      return
    }
    this.#waiting.push(message)
    this.#bytes += message.length
    if (this.#cancel === null) this.#send()
  }

  /** Sends what waits, as far as it is taken. */
  flush(): void {
    if (this.#waiting.length > 0) this.#send()
  }

  close(): void {
    this.flush()
    this.#cancel?.()
    this.#transport.close()
  }

  #send(): void {
    this.#cancel?.()
    this.#cancel = null
    let sent = 0
    for (const message of this.#waiting) {
      const reason = this.#transport.send(message)
      if (reason !== null) {
        this.#reason = reason
        break
      }
      sent += 1
      this.#bytes -= message.length
    }
    const isWhole = sent === this.#waiting.length
    this.#waiting = isWhole ? [] : this.#waiting.slice(sent)
    if (sent > 0) [this.#pause, this.#stuckFor] = [0, 0]
    if (isWhole) this.#recovered()
    else this.#tryLater()
  }

  #tryLater(): void {
    this.#pause = Math.min(pauses.longest, Math.max(pauses.first, this.#pause * 2))
    this.#stuckFor += this.#pause
    this.#cancel = this.#later(() => this.#send(), this.#pause)
    if (this.#told || this.#stuckFor < patience) return
    this.#told = true
    this.#onTrouble({ type: 'stuck', reason: this.#reason })
  }

  #recovered(): void {
    const lost = this.#lost
    this.#told = false
    this.#lost = 0
    if (lost > 0) this.#onTrouble({ type: 'over', lost, reason: this.#reason })
  }
}
