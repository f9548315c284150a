import type { Acceptor } from './acceptor.ts'

export type ListenersOptions = {
  /** Descriptors by index. */
  readonly fds: readonly number[]
  readonly open: (fd: number) => Acceptor
  readonly duplicate: (fd: number) => number
}

/** The inherited listeners: on some of them connections are accepted, the others are held for later. */
export class Listeners {
  readonly #fds: number[]
  readonly #open: (fd: number) => Acceptor
  readonly #duplicate: (fd: number) => number
  readonly #acceptors = new Map<number, Acceptor>()
  /** Let go of, but with TLS handshakes still going on. */
  readonly #former = new Set<Acceptor>()
  #closed = false

  constructor({ fds, open, duplicate }: ListenersOptions) {
    this.#fds = [...fds]
    this.#open = open
    this.#duplicate = duplicate
  }

  /** All that may still bring a connection. */
  get acceptors(): readonly Acceptor[] {
    return [...this.#acceptors.values(), ...this.#former]
  }

  /** Accepts on exactly these, by index. Rejects when one cannot be listened on. */
  async listenOn(indices: readonly number[]): Promise<void> {
    if (this.#closed) return
    for (const index of this.#acceptors.keys()) if (!indices.includes(index)) this.#release(index)
    await Promise.all(indices.map((index) => this.#take(index)))
  }

  /** Ends for good; those who wait to be accepted are accepted first, for at most so many milliseconds. */
  async close(acceptMs: number): Promise<void> {
    this.#closed = true
    await Promise.all(this.acceptors.map((acceptor) => acceptor.finish(acceptMs)))
  }

  async #take(index: number): Promise<void> {
    const fd = this.#fds[index]
    if (fd === undefined || this.#acceptors.has(index)) return
    const acceptor = this.#open(fd)
    this.#acceptors.set(index, acceptor)
    await acceptor.start()
  }

  /** To stop accepting is to close the descriptor (libuv knows no other way), so another one is made first. */
  #release(index: number): void {
    const fd = this.#fds[index]
    const acceptor = this.#acceptors.get(index)
    if (fd === undefined || acceptor === undefined) return
    this.#fds[index] = this.#duplicate(fd)
    this.#acceptors.delete(index)
    this.#former.add(acceptor)
    void acceptor.finish(0).then(() => {
      for (const former of this.#former) if (former.handshaking.size === 0) this.#former.delete(former)
    })
  }
}
