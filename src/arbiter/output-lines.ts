/** Lines are cut at so many bytes. */
export const longestLine = 16_384

const newline = 0x0a

/** Cuts a stream of bytes into lines. It never holds more than one, and of that no more than may be told. */
export class OutputLines {
  readonly #take: (line: string) => void
  #rest: Buffer[] = []
  #length = 0

  constructor(take: (line: string) => void) {
    this.#take = take
  }

  add(bytes: Buffer): void {
    let begin = 0
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, begin)) {
      this.#keep(bytes.subarray(begin, end))
      this.end()
      begin = end + 1
    }
    // The bytes are the reader's, who may use their memory again.
    if (begin < bytes.length) this.#keep(Buffer.from(bytes.subarray(begin, begin + longestLine + 1)))
  }

  /** What has come of a line that nothing more comes of. */
  end(): void {
    const bytes = Buffer.concat(this.#rest)
    this.#rest = []
    this.#length = 0
    if (bytes.length === 0) return
    const isCut = bytes.length > longestLine
    const text = bytes.toString('utf8', 0, Math.min(bytes.length, longestLine)).replace(/\r$/, '')
    this.#take(isCut ? `${text} … [cut]` : text)
  }

  #keep(bytes: Buffer): void {
    const room = longestLine + 1 - this.#length
    if (room <= 0) return
    const kept = bytes.subarray(0, room)
    this.#rest.push(kept)
    this.#length += kept.length
  }
}
