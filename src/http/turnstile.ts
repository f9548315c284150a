import { AsyncResource } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Listeners } from './listeners.ts'

/** A request that may have to wait, and how it gets to the application. */
export type Turn = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly enter: () => void
}

export type Doors = Pick<Listeners, 'pause' | 'resume' | 'close' | 'handshaking' | 'isOpening'>

/**
 * How long a client may be silent after it has connected, or slow to read after the application has finished, and still
 * hold the worker, in milliseconds. A proxy needs next to nothing of it; who needs more is served beside the others.
 */
const patienceMs = 100

/** The pause between two looks whether there is room for a connection, in milliseconds. */
const pauseMs = 20

/** Turns of the event loop without a new connection after which the queue counts as empty. */
const quietTurns = 3

/**
 * Lets one request at a time in to the application. While one is inside nothing is accepted, so that whoever comes next
 * waits in the queue of the socket, and the first worker that is free takes them: a computation delays nobody else.
 */
export class Turnstile {
  readonly #doors: Doors
  readonly #onError: (error: Error) => void
  /** A request enters when another leaves, and must not find itself in what the application keeps by async context for that. */
  readonly #scope = new AsyncResource('tsicorn.turnstile')
  /** Requests of slow clients, whose connections were accepted before the one inside. */
  readonly #waiting: Turn[] = []
  #inside: Turn | null = null
  /** Ends the wait for the first request of the connection that was accepted last. */
  #stopExpecting: (() => void) | null = null
  #fresh: Socket | null = null
  #accepted = 0
  #onFree: (() => void) | null = null
  /** When nobody is accepted any longer, once it is closing. */
  #end = Number.POSITIVE_INFINITY
  #closed: Promise<void> | null = null

  constructor(doors: Doors, onError: (error: Error) => void) {
    this.#doors = doors
    this.#onError = onError
  }

  get handshaking(): Doors['handshaking'] {
    return this.#doors.handshaking
  }

  /** A connection was accepted this moment. */
  accepted(): void {
    this.#accepted += 1
    this.#doors.pause('busy')
    this.#stopExpecting?.()
    this.#stopExpecting = afterPatience(() => this.#expectNobody())
  }

  /** The connection that was accepted is ready for a request. */
  connected(socket: Socket): void {
    this.#fresh = socket
    socket.once('close', () => {
      if (this.#fresh === socket) this.#expectNobody()
    })
  }

  /** Whether a request may enter now; otherwise its turn comes later. */
  admit(turn: Turn): boolean {
    // An application that answers `Expect` by itself hands the same request to its listeners a second time.
    if (this.#inside?.request === turn.request) return true
    const isFree = this.#inside === null
    if (isFree) this.#hold(turn)
    else this.#waiting.push(turn)
    this.#expectNobody()
    return isFree
  }

  /** The connection has become the application's own, which is no request that ends. */
  passed(): void {
    this.#expectNobody()
  }

  /**
   * Ends accepting. Those who wait to be accepted are taken one by one as long as there are any, for at most half of the
   * time, so that the last of them has the other half. A second call can only bring the end nearer.
   */
  close(acceptMs: number): Promise<void> {
    this.#end = Math.min(this.#end, performance.now() + acceptMs / 2)
    if (acceptMs === 0) this.#onFree?.()
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    while (performance.now() < this.#end) {
      await new Promise<void>((resolve) => {
        this.#onFree = resolve
        this.#goOn()
      })
      if (performance.now() >= this.#end || (await this.#isQuiet())) break
    }
    this.#onFree = () => {}
    await this.#doors.close(0)
  }

  #hold(turn: Turn): void {
    this.#inside = turn
    this.#doors.pause('busy')
    const { request, response } = turn
    let stop = (): void => {}
    let left = false
    const leave = (): void => {
      stop()
      if (left) return
      left = true
      response.off('close', leave)
      request.socket.off('close', leave)
      // The answer is on its way before the next request keeps the event loop busy.
      setImmediate(() => this.#next())
    }
    response.once('close', leave)
    // An answer that waits behind another one never hears that its connection is gone.
    request.socket.once('close', leave)
    response.once('prefinish', () => {
      stop = afterPatience(leave)
    })
  }

  #next(): void {
    this.#inside = null
    const turn = this.#waiting.shift()
    if (turn === undefined) return this.#goOn()
    if (turn.request.socket.destroyed) return this.#next()
    this.#hold(turn)
    this.#scope.runInAsyncScope(turn.enter)
  }

  #expectNobody(): void {
    this.#stopExpecting?.()
    this.#stopExpecting = null
    this.#fresh = null
    this.#goOn()
  }

  #goOn(): void {
    if (this.#inside !== null || this.#stopExpecting !== null) return
    if (this.#onFree !== null) this.#onFree()
    else void this.#accept()
  }

  #accept(): Promise<void> {
    return this.#doors.resume('busy').catch(this.#onError)
  }

  /** Accepts one connection if there is one, and room for it. */
  async #isQuiet(): Promise<boolean> {
    const before = this.#accepted
    this.#onFree = () => {}
    await this.#accept()
    while (this.#accepted === before && this.#doors.isOpening && performance.now() < this.#end)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    for (let turns = 0; turns < quietTurns && this.#accepted === before; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    return this.#accepted === before
  }
}

/** Acts when the time is over and what had arrived by then has been read. Returns how to call it off. */
function afterPatience(act: () => void): () => void {
  let isOff = false
  const timer = setTimeout(() => {
    setImmediate(() => {
      if (!isOff) act()
    })
  }, patienceMs)
  return () => {
    isOff = true
    clearTimeout(timer)
  }
}
