import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { OpenRequest } from '../contract/serving.ts'
import { peerOf } from './announced.ts'
import type { Client } from './forwarded.ts'
import type { Finding } from './inspect.ts'
import type { Limits } from './limits.ts'
import { pathOf } from './path-of.ts'
import type { Refusal } from './refusals.ts'
import { idOf } from './request-id.ts'
import type { LastWords } from './turn-away.ts'
import type { Upgrade } from './websocket-close.ts'
import type { Testimony } from './witness.ts'

/** A request whose answer is not finished. */
export type Exchange = {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** When it was received, in milliseconds of the clock. */
  readonly begun: number
  /** What looks on; null where nobody does. */
  testimony: Testimony | null
  /** It was answered here, and not by the application. */
  refused: boolean
  /** The status that its client was told, past the answer, after it had gone away in the middle of an upload. */
  told?: number
}

/** What the front door knows of one connection. */
export type Connection = {
  readonly socket: Socket
  /** Whether the peer may say who the client is. */
  readonly trusted: boolean
  /** The client of the latest request, as a trusted peer names it; null where the peer is the client. */
  client: Client | null
  /** The one that the socket shows. It is another one only where clients differ on one connection. */
  shown: Client | null
  /** The other end of the socket itself. */
  readonly peer: Client
  /** Oldest first; more than one when the client pipelines. */
  readonly exchanges: Exchange[]
  /** Bodies that are still arriving although their answer is finished. */
  unread: number
  /** `bytesRead` when the connection last became idle: any byte more is the begin of a request. */
  bytesWhenIdle: number
  /** When a drain first saw it idle, in milliseconds of the monotonic clock. */
  idleSince: number | null
  /** It has been told to close: a request that comes after cannot be answered, so it must not be carried out either. */
  closing: boolean
  upgrade: Upgrade | null
  /** What is still to be said before it is closed, because something on it was refused. */
  lastWords: LastWords | null
  /** Where HTTP/2 is spoken: what is done in another way there. */
  session: Session | null
  /** Whether it is read no further because too many of its requests are not answered yet. */
  held: 'no' | 'soon' | 'yes'
}

export type Session = {
  readonly inspect: (request: IncomingMessage, limits: Limits) => Finding
  /** Refuses a request that the application has, and may be answering. */
  readonly refuse: (request: IncomingMessage, refusal: Refusal) => void
  /**
   * Takes no more streams, tells the client which was the last one, and ends the connection with the last answer. What the
   * client sent meanwhile it knows not to have been carried out, so nothing is lost (RFC 9113, 6.8).
   */
  readonly close: () => void
}

export function newConnection(socket: Socket, trusted: boolean): Connection {
  return {
    socket,
    trusted,
    peer: peerOf(socket),
    client: null,
    shown: null,
    exchanges: [],
    unread: 0,
    // A PROXY header may have been read before, and with it the begin of a request.
    bytesWhenIdle: socket.bytesRead - socket.readableLength,
    idleSince: null,
    closing: false,
    upgrade: null,
    lastWords: null,
    session: null,
    held: 'no',
  }
}

/**
 * Idle: nothing in flight, and not a byte of a next request has been seen. A connection that never had a request is
 * idle too, but one whose client is half through its first header line is not.
 */
export function isIdle(connection: Connection): boolean {
  return (
    connection.upgrade === null &&
    connection.exchanges.length === 0 &&
    connection.unread === 0 &&
    connection.socket.bytesRead === connection.bytesWhenIdle
  )
}

/** Takes note that an answer is out. False when it was none of this connection's. */
export function endExchange(connection: Connection, { req: request }: ServerResponse): boolean {
  const { exchanges } = connection
  const at = exchanges.findIndex((exchange) => exchange.request === request)
  const exchange = exchanges[at]
  if (exchange === undefined) return false
  // Nearly always there is but one.
  if (exchanges.length === 1) exchanges.pop()
  else exchanges.splice(at, 1)
  testify(exchange)
  if (request.complete || request.destroyed) becomeQuiet(connection)
  else awaitBody(connection, request)
  return true
}

/** Tells who looks on what became of the request. */
export function testify({ testimony, refused, response, told }: Exchange): void {
  if (testimony === null) return
  testimony.end(refused ? 'refused' : response.writableFinished ? 'complete' : 'aborted', told)
}

/** An application may answer before it has read the body; the rest of that body is no next request. */
function awaitBody(connection: Connection, request: IncomingMessage): void {
  connection.unread += 1
  const done = (): void => {
    request.off('end', done).off('close', done)
    connection.unread -= 1
    becomeQuiet(connection)
  }
  request.on('end', done).on('close', done)
}

function becomeQuiet(connection: Connection): void {
  if (connection.exchanges.length === 0 && connection.unread === 0)
    connection.bytesWhenIdle = connection.socket.bytesRead
}

export function openRequests(connections: Iterable<Connection>, now: number): readonly OpenRequest[] {
  return [...connections].flatMap(({ exchanges }) =>
    exchanges.map(({ request, begun }) => ({
      method: request.method ?? '',
      url: pathOf(request.url),
      ageMs: now - begun,
      id: idOf(request),
    })),
  )
}
