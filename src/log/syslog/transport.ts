import { writeSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { Transport } from './queue.ts'

/**
 * Sends each message as a datagram, on a socket that somebody has connected and will connect again. The message is the
 * system's when `send` returns, so that a process that ends takes none with it.
 */
export function datagrams(fd: number): Transport {
  const send: Transport['send'] = (message) => {
    try {
      writeSync(fd, message)
      return null
    } catch (error) {
      return (error as Error).message.replace(/, write$/, '')
    }
  }
  return { send, close: () => {} }
}

export type StreamAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** Pauses before a connection is tried again, in milliseconds; they double. */
const pauses = { first: 500, longest: 30_000 } as const

/** Over TCP each message has its length in front (RFC 6587, 3.4.1); what reads a unix socket expects lines. */
export function stream(address: StreamAddress): Transport {
  const frame = (message: Buffer): Buffer =>
    address.kind === 'tcp'
      ? Buffer.concat([Buffer.from(`${message.length} `), message])
      : Buffer.concat([message, Buffer.from('\n')])
  const line = new Line(address)
  return { send: (message) => line.send(frame(message)), close: () => line.close() }
}

/** A connection that is made again when it is gone. */
class Line {
  readonly #address: StreamAddress
  #socket: Socket
  #isOpen = false
  #isClosed = false
  #pause: number = pauses.first
  #reason = 'the connection is not made yet'

  constructor(address: StreamAddress) {
    this.#address = address
    this.#socket = this.#connect()
  }

  send(bytes: Buffer): string | null {
    if (!this.#isOpen) return this.#reason
    // What the system does not take stays in the memory of this process, where it has no bound: one message is enough.
    if (this.#socket.writableLength > 0) return 'the daemon does not read'
    this.#socket.write(bytes)
    return null
  }

  close(): void {
    this.#isClosed = true
    this.#socket.end()
  }

  #connect(): Socket {
    const address = this.#address
    const socket = connect(address.kind === 'unix' ? { path: address.path } : { ...address, noDelay: true }).unref()
    socket.on('connect', () => {
      this.#isOpen = true
      this.#pause = pauses.first
    })
    socket.on('error', (error) => {
      this.#reason = error.message
    })
    // A daemon has nothing to say; its end of the connection is read to learn that it is gone.
    socket.resume()
    socket.on('close', () => {
      this.#isOpen = false
      if (!this.#isClosed) this.#again()
    })
    return socket
  }

  #again(): void {
    setTimeout(() => {
      this.#socket = this.#connect()
    }, this.#pause).unref()
    this.#pause = Math.min(pauses.longest, this.#pause * 2)
  }
}
