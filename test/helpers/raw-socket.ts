import net from 'node:net'
import type { Target } from './http-request.ts'
import { until, type Waiting } from './until.ts'

export type RawSocket = AsyncDisposable & {
  /** Sends bytes as they are; a string is sent as latin1. */
  readonly write: (bytes: string | Uint8Array) => void
  /** Closes the sending half. */
  readonly end: () => void
  /** Everything received, as latin1: one character a byte. */
  readonly received: () => string
  /** Waits until what was received matches, and returns the match. */
  readonly receive: (pattern: RegExp, waiting?: Waiting) => Promise<RegExpExecArray>
  /** Whether the other side has ended or reset the connection. */
  readonly isClosed: () => boolean
  /** Waits for the other side to end or reset the connection, and returns everything received. */
  readonly closed: (waiting?: Waiting) => Promise<string>
  readonly socket: net.Socket
}

/** A connection that says exactly what the test says: `await using socket = await rawSocket(server.target)`. */
export async function rawSocket(target: Target): Promise<RawSocket> {
  const socket = net.connect('socketPath' in target ? { path: target.socketPath } : { host: '127.0.0.1', ...target })
  const chunks: Buffer[] = []
  let isClosed = false
  const close = () => {
    isClosed = true
  }
  socket
    .on('data', (chunk) => chunks.push(chunk))
    .on('end', close)
    .on('close', close)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  // A reset is a way of closing: it shows in isClosed.
  socket.on('error', close)
  const received = () => Buffer.concat(chunks).toString('latin1')
  const receive = async (pattern: RegExp, waiting?: Waiting) =>
    until(() => pattern.exec(received()), { what: `bytes that match ${pattern}; received: ${received()}`, ...waiting })
  const closed = async (waiting?: Waiting) => {
    await until(() => isClosed, { what: 'the other side to close the connection', ...waiting })
    return received()
  }
  return {
    write: (bytes) => void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    end: () => void socket.end(),
    received,
    receive,
    isClosed: () => isClosed,
    closed,
    socket,
    [Symbol.asyncDispose]: async () => void socket.destroy(),
  }
}
