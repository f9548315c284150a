import { writeSync } from 'node:fs'
import type { Owner } from '../borrow-rights.ts'
import { openTarget, type Target } from '../target.ts'

export type AccessOutletOptions = {
  /** A path, or `-` for standard output. */
  readonly file: string
  /** The descriptor where standard output leads. */
  readonly stdout: number
  readonly owner: Owner | null
  /** Told once when lines begin to be lost or kept back, and once when that is over. */
  readonly onTrouble: (trouble: AccessTrouble) => void
  /** Writes bytes to a descriptor and returns how many it took; throws errors with a `code`. */
  readonly put?: (fd: number, bytes: Uint8Array) => number
}

export type AccessTrouble =
  | { readonly type: 'stuck'; readonly reason: string }
  | { readonly type: 'over'; readonly lost: number; readonly reason: string }
  | { readonly type: 'reopen-failed'; readonly reason: string }

/** Lines are written when so many bytes wait, or after so many milliseconds. */
const batch = { bytes: 16_384, ms: 200 } as const

/** A destination that takes nothing has so many bytes of lines kept for it; those beyond are lost, and counted. */
const mostKept = 1 << 20

const newline = 0x0a

/**
 * Lines of the access log on their way out, many in one write(2) and always whole ones, so that those of several workers
 * never mix. A destination that is full or slow never holds up a request. Making one throws Failure CONFIG_INVALID.
 */
export class AccessOutlet {
  readonly #options: AccessOutletOptions
  readonly #put: (fd: number, bytes: Uint8Array) => number
  #target: Target
  #fresh = ''
  #kept: Buffer = Buffer.alloc(0)
  #timer: NodeJS.Timeout | undefined
  #lost = 0
  #reason: string | null = null
  /** The destination took the begin of a line and not its end. */
  #torn = false

  constructor(options: AccessOutletOptions) {
    this.#options = options
    this.#put = options.put ?? ((fd, bytes) => writeSync(fd, bytes))
    this.#target = openTarget(options.file, options.owner, options.stdout)
  }

  /** The longest line that the system takes in one piece, in bytes. */
  get limit(): number {
    return this.#target.limit
  }

  write(line: string): void {
    if (this.#fresh.length + this.#kept.length > mostKept) {
      this.#lost += 1
      return
    }
    this.#fresh += line
    if (this.#fresh.length >= batch.bytes && this.#reason === null) return this.flush()
    this.#timer ??= setTimeout(() => this.flush(), batch.ms).unref()
  }

  /** Writes what waits. What cannot be written is kept for the next time. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    let waiting = Buffer.concat([this.#kept, Buffer.from(this.#fresh)])
    this.#fresh = ''
    while (waiting.length > 0) {
      const sent = this.#send(waiting)
      if (sent === null) break
      waiting = waiting.subarray(sent)
    }
    this.#kept = waiting.length === 0 ? Buffer.alloc(0) : Buffer.from(waiting)
    if (waiting.length === 0) this.#recovered()
    else this.#timer = setTimeout(() => this.flush(), batch.ms).unref()
  }

  /** Opens the file anew; what came before goes to the old one. If that fails the old one stays in use. */
  reopen(): void {
    this.flush()
    try {
      const target = openTarget(this.#options.file, this.#options.owner, this.#options.stdout)
      this.#target.close()
      this.#target = target
      this.#torn = false
      this.flush()
    } catch (error) {
      this.#options.onTrouble({ type: 'reopen-failed', reason: (error as Error).message })
    }
  }

  close(): void {
    this.flush()
    this.#lost += countLines(this.#kept)
    this.#kept = Buffer.alloc(0)
    if (this.#lost > 0) this.#recovered()
    clearTimeout(this.#timer)
    this.#target.close()
  }

  /** Sends some whole lines; returns how many bytes are dealt with, or null when nothing can be sent at present. */
  #send(waiting: Buffer): number | null {
    const end = wholeLines(waiting, this.#target.limit - 1)
    const lines = waiting.subarray(0, end)
    const bytes = this.#torn ? Buffer.concat([Buffer.from('\n'), lines]) : lines
    try {
      const taken = this.#put(this.#target.fd, bytes)
      if (taken === 0) throw new Error('nothing was written')
      const sent = taken - (this.#torn ? 1 : 0)
      this.#torn = false
      return sent === end ? end : this.#tear(waiting, sent)
    } catch (error) {
      this.#fail(error as NodeJS.ErrnoException)
      return null
    }
  }

  /** A line of which only the begin was taken is lost: by the time there is room again, another worker may have written. */
  #tear(waiting: Buffer, sent: number): number {
    if (sent === 0 || waiting[sent - 1] === newline) return sent
    this.#torn = true
    this.#lost += 1
    return waiting.indexOf(newline, sent) + 1
  }

  #fail({ code, message }: NodeJS.ErrnoException): void {
    const isNew = this.#reason === null && code !== 'EAGAIN'
    this.#reason = (message ?? String(code)).replace(/, write$/, '')
    if (isNew) this.#options.onTrouble({ type: 'stuck', reason: this.#reason })
  }

  #recovered(): void {
    if (this.#reason === null && this.#lost === 0) return
    const [lost, reason] = [this.#lost, this.#reason ?? 'only a part of a line was taken']
    this.#lost = 0
    this.#reason = null
    if (lost > 0) this.#options.onTrouble({ type: 'over', lost, reason })
  }
}

/** Where the last line ends that is whole within `limit` bytes; the end of the first line if that alone is longer. */
function wholeLines(bytes: Buffer, limit: number): number {
  if (bytes.length <= limit) return bytes.length
  const end = bytes.lastIndexOf(newline, limit - 1) + 1
  return end > 0 ? end : bytes.indexOf(newline) + 1
}

function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines += 1
  return lines
}
