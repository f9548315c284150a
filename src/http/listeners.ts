import { closeSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Acceptor } from './acceptor.ts'

export type ListenersOptions = {
  /** Descriptors by index. */
  readonly fds: readonly number[]
  /** `onAccept` is to be called with each connection that is accepted. */
  readonly createAcceptor: (onAccept: () => void) => Acceptor
}

/** Why nothing is accepted for a while. */
export type Pause = 'busy' | 'full'

type Door = {
  readonly fd: number
  readonly acceptor: Acceptor
  /** The acceptor has the descriptor, and accepts or not. */
  started: boolean
  open: boolean
  over: boolean
}

/** The pause between two looks whether accepting goes on, in milliseconds. */
const pauseMs = 20

/** The inherited listeners: on some of them connections are accepted, the others are held for later. */
export class Listeners {
  readonly #doors: readonly Door[]
  readonly #pauses = new Set<Pause>()
  #wanted: readonly number[] = []
  /** By index, the one that has accepted last at the end. */
  #order: readonly number[]
  #openings = 0
  /** When accepting ends for good. */
  #end = Number.POSITIVE_INFINITY
  #finished: Promise<unknown> | null = null

  constructor({ fds, createAcceptor }: ListenersOptions) {
    const state = { started: false, open: false, over: false }
    this.#order = [...fds.keys()]
    this.#doors = fds.map((fd, index) => ({ fd, acceptor: createAcceptor(() => this.#accepted(index)), ...state }))
  }

  /** Connections whose TLS handshake is not over, and when they were accepted. */
  get handshaking(): readonly (readonly [Socket, number])[] {
    return this.#doors.flatMap(({ acceptor }) => [...acceptor.handshaking])
  }

  /** Whether some of the listeners have yet to accept. */
  get isOpening(): boolean {
    return this.#pauses.size > 0 || this.#wanted.some((index) => this.#doors[index]?.open === false)
  }

  /** Accepts on exactly these, by index, or will once no pause is left. Rejects when one cannot be listened on. */
  async listenOn(indices: readonly number[]): Promise<void> {
    if (this.#finished !== null) return
    this.#wanted = indices
    this.#openings += 1
    for (const [index, door] of this.#doors.entries()) if (!indices.includes(index)) release(door)
    if (this.#pauses.size === 0) await Promise.all(indices.map((index) => this.#take(this.#doors[index])))
  }

  /** Accepts nothing from this moment: who comes waits in the queue of the socket, where other processes may take them. */
  pause(reason: Pause): void {
    this.#pauses.add(reason)
    this.#openings += 1
    for (const door of this.#doors) release(door)
  }

  /**
   * Accepts again, unless there is another reason not to. Rejects when a listener cannot be listened on. Where one
   * connection is accepted at a time, those at one socket could keep those at another waiting for ever; so the listeners
   * get their turns one after the other, and the one that has accepted last comes last.
   */
  async resume(reason: Pause): Promise<void> {
    if (!this.#pauses.delete(reason) || this.#pauses.size > 0) return
    const opening = ++this.#openings
    for (const index of this.#order.filter((one) => this.#wanted.includes(one))) {
      await this.#take(this.#doors[index])
      if (this.#wanted.length > 1) await new Promise((resolve) => setImmediate(resolve))
      if (opening !== this.#openings) return
    }
  }

  /** Ends for good; those who wait to be accepted are accepted first, for at most so many milliseconds. */
  async close(acceptMs: number): Promise<void> {
    this.#end = Math.min(this.#end, performance.now() + acceptMs)
    this.#finished ??= Promise.all(this.#doors.map((door, index) => this.#finish(door, this.#wanted.includes(index))))
    await this.#finished
  }

  #accepted(index: number): void {
    this.#order = [...this.#order.filter((other) => other !== index), index]
  }

  async #take(door: Door | undefined): Promise<void> {
    if (door === undefined || door.open || door.over) return
    door.open = true
    if (door.started) return door.acceptor.goOn()
    door.started = true
    await door.acceptor.start(door.fd)
  }

  /** A pause holds up those who wait in the queue, but does not turn them away. */
  async #finish(door: Door, isWanted: boolean): Promise<void> {
    const isOver = (): boolean => performance.now() >= this.#end
    let isEmpty = !isWanted
    while (!isEmpty && !isOver()) {
      if (door.open) isEmpty = await door.acceptor.empty(isOver)
      else await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
    door.over = true
    door.open = false
    letGo(door)
  }
}

function release(door: Door): void {
  if (!door.open) return
  door.open = false
  door.acceptor.hold()
}

/** A descriptor that is only held keeps the queue of its socket open when everybody who accepts has left. */
function letGo({ fd, acceptor, started }: Door): void {
  if (started) return acceptor.stop()
  try {
    closeSync(fd)
  } catch {
    // The application has closed it: then it is let go of.
  }
}
