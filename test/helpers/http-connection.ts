import net from 'node:net'
import tls from 'node:tls'
import type { Target } from './http-request.ts'
import { readAnswer, type WireAnswer } from './read-answer.ts'

/** Where a client connects, and whether it speaks TLS there. */
export type Place = Target & { readonly tls?: boolean }

/** One connection of a client that sees each answer, and what becomes of the connection, as it is. */
export type HttpConnection = Disposable & {
  readonly write: (bytes: string | Uint8Array) => void
  /** The next answer. Rejects when the connection ends without it, and says what came instead. */
  readonly answer: () => Promise<WireAnswer>
  /** Everything after the answers taken so far; for bodies without end. */
  readonly pending: () => Buffer
  /** Whether the other side has ended or reset the connection. */
  readonly isOver: () => boolean
  /** Closes the sending half. */
  readonly end: () => void
  readonly socket: net.Socket
}

/** Connects. Null when nobody listens there; rejects when a connection that was accepted is taken back. */
export async function openConnection(place: Place): Promise<HttpConnection | null> {
  const socket = net.connect(whereIs(place))
  if (!(await connected(socket))) return null
  if (place.tls !== true) return talkOver(socket)
  const secure = tls.connect({ socket, rejectUnauthorized: false })
  await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject))
  return talkOver(secure)
}

/** A place in the words of net.connect. */
export function whereIs(place: Place): net.NetConnectOpts {
  return 'socketPath' in place ? { path: place.socketPath } : { host: '127.0.0.1', port: place.port }
}

function connected(socket: net.Socket): Promise<boolean> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(false)
      else reject(error)
    })
  })
}

type Waiting = { readonly resolve: (answer: WireAnswer) => void; readonly reject: (error: Error) => void }

function talkOver(socket: net.Socket): HttpConnection {
  const waiting: Waiting[] = []
  let bytes: Buffer = Buffer.alloc(0)
  let isOver = false
  let how = 'the other side ended it'
  const look = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const found = readAnswer(bytes, isOver)
      if (found === null && !isOver) return
      waiting.shift()
      if (found === null) {
        next.reject(new Error(`no answer: ${how} after ${JSON.stringify(bytes.toString('latin1', 0, 300))}`))
      } else {
        bytes = found.rest
        next.resolve(found.value)
      }
    }
  }
  const over = (): void => {
    isOver = true
    look()
  }
  socket.on('data', (chunk) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    look()
  })
  socket.on('end', over).on('close', over)
  socket.on('error', (error) => {
    how = error.message
  })
  return {
    ...{ socket, pending: () => bytes, isOver: () => isOver, end: () => void socket.end() },
    write: (text) => void socket.write(text),
    answer: () => {
      const answer = new Promise<WireAnswer>((resolve, reject) => waiting.push({ resolve, reject }))
      look()
      return answer
    },
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
