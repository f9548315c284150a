import { closeSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Acceptor } from './acceptor.ts'

export type ListenersOptions = {
  /** Descriptors by index. */
  readonly fds: readonly number[]
  readonly createAcceptor: () => Acceptor
  readonly duplicate: (fd: number) => number
  /** A listener could not be let go of: it goes on accepting. */
  readonly onError: (error: Error) => void
}

/** Why nothing is accepted for a while. */
export type Pause = 'busy' | 'full'

/** The inherited listeners: on some of them connections are accepted, the others are held for later. */
export class Listeners {
  readonly #doors: readonly { fd: number; readonly acceptor: Acceptor; open: boolean }[]
  readonly #duplicate: (fd: number) => number
  readonly #onError: (error: Error) => void
  readonly #pauses = new Set<Pause>()
  #wanted: readonly number[] = []
  #closed = false

  constructor({ fds, createAcceptor, duplicate, onError }: ListenersOptions) {
    this.#doors = fds.map((fd) => ({ fd, acceptor: createAcceptor(), open: false }))
    this.#duplicate = duplicate
    this.#onError = onError
  }

  /** Connections whose TLS handshake is not over, and when they were accepted. */
  get handshaking(): readonly (readonly [Socket, number])[] {
    return this.#doors.flatMap(({ acceptor }) => [...acceptor.handshaking])
  }

  /** Accepts on exactly these, by index, or will once no pause is left. Rejects when one cannot be listened on. */
  async listenOn(indices: readonly number[]): Promise<void> {
    if (this.#closed) return
    this.#wanted = indices
    for (const index of this.#doors.keys()) if (!indices.includes(index)) this.#release(index)
    if (this.#pauses.size > 0) return
    await Promise.all(indices.map((index) => this.#take(index)))
  }

  /** Accepts nothing from this moment: who comes waits in the queue of the socket, where other processes may take them. */
  pause(reason: Pause): void {
    if (this.#closed || this.#pauses.has(reason)) return
    this.#pauses.add(reason)
    for (const index of this.#doors.keys()) this.#release(index)
  }

  /** Accepts again, unless there is another reason not to. Rejects when a listener cannot be listened on. */
  async resume(reason: Pause): Promise<void> {
    if (this.#pauses.delete(reason)) await this.listenOn(this.#wanted)
  }

  /** Ends for good; those who wait to be accepted are accepted first, for at most so many milliseconds. */
  async close(acceptMs: number): Promise<void> {
    if (!this.#closed) for (const { fd, open } of this.#doors) if (!open) letGo(fd)
    this.#closed = true
    await Promise.all(this.#doors.map(({ acceptor }) => acceptor.finish(acceptMs)))
  }

  async #take(index: number): Promise<void> {
    const door = this.#doors[index]
    if (door === undefined || door.open) return
    door.open = true
    await door.acceptor.start(door.fd)
  }

  /** To stop accepting is to close the descriptor (libuv knows no other way), so another one is made first. */
  #release(index: number): void {
    const door = this.#doors[index]
    if (door === undefined || !door.open) return
    try {
      door.fd = this.#duplicate(door.fd)
    } catch (error) {
      return this.#onError(error as Error)
    }
    door.open = false
    door.acceptor.stop()
  }
}

/** A descriptor that is only held keeps the queue of its socket open when everybody who accepts has left. */
function letGo(fd: number): void {
  try {
    closeSync(fd)
  } catch {
    // The application has closed it: then it is let go of.
  }
}
