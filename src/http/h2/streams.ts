import type { IncomingMessage, Server } from 'node:http'
import {
  constants,
  createServer,
  type Http2Server,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { carryStream } from '../client-socket.ts'
import { closeGently } from '../close-gently.ts'
import type { Connection } from '../connections.ts'
import { refusals } from '../refusals.ts'
import { endBroken } from './end-broken.ts'
import { endStuck } from './end-stuck.ts'
import { endWithClient } from './end-with-client.ts'
import { sessionOf } from './session.ts'
import { makeRequest, readHead } from './stream-request.ts'
import { makeResponse } from './stream-response.ts'
import { asSocket, type ConnectionFacts, factsOf } from './stream-socket.ts'

export type Http2Settings = {
  readonly keepAlive: number
  readonly http2MaxConcurrentStreams: number
  readonly http2InitialWindowSize: number
  readonly http2MaxFrameSize: number
  readonly http2MaxHeaderListSize: number
}

export type StreamsOptions = {
  /** The application's server, which gets each request as if it had come over HTTP/1.1. */
  readonly server: Server
  /** Lets a connection in, as those of HTTP/1.1 are. */
  readonly admit: (socket: TLSSocket) => Connection
  readonly settings: Http2Settings
}

/** Serves a connection on which HTTP/2 has been agreed. */
export type ServeStreams = (socket: TLSSocket) => void

/**
 * Speaks HTTP/2. Requests and answers are objects of node:http, each with its stream in the place of the socket: the
 * ones that node:http2 offers for compatibility have another prototype, no `host` and headers that begin with a colon,
 * and Express replaces their prototype with one that does not fit.
 */
export function createStreams({ server, admit, settings }: StreamsOptions): ServeStreams {
  const speaker = createServer(optionsOf(settings))
  const endWhenStuck = endStuck()
  return (socket) => {
    const connection = admit(socket)
    endWhenStuck(socket)
    const session = open(speaker, socket)
    socket.on('error', () => {})
    connection.session = sessionOf(session)
    endBroken(session, socket)
    session.once('close', () => closeGently(socket))
    socket.once('end', () => endWithClient(session, connection))
    // An application may take its time with an answer; only a connection without a request is too quiet.
    session.setTimeout(settings.keepAlive, () => {
      if (connection.exchanges.length === 0) session.close()
    })
    const facts = factsOf(socket)
    session.on('stream', (stream: ServerHttp2Stream, _headers: unknown, flags: number, lines: readonly string[]) => {
      // What a client does to its stream is heard by request and answer.
      stream.on('error', () => {})
      receive({ server, connection, facts, stream, ended: (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0, lines })
    })
  }
}

/** node:http2 makes a session of what its server is given, and tells of it at once. */
function open(speaker: Http2Server, socket: TLSSocket): ServerHttp2Session {
  let made: ServerHttp2Session | undefined
  speaker.once('session', (session) => {
    made = session
  })
  speaker.emit('connection', socket)
  if (made === undefined) throw new Error('node:http2 made no session of a connection')
  return made
}

/**
 * Against floods there are, besides these: nghttp2's limits for reset streams (CVE-2023-44487: a thousand at once, 33 a
 * second after that), for CONTINUATION frames (8 a block) and for SETTINGS (32 a frame), and Node's for the memory of a
 * session (10 MB) and for PINGs and SETTINGS that wait for an answer.
 */
function optionsOf(settings: Http2Settings): ServerOptions {
  return {
    maxSessionInvalidFrames: 100,
    settings: {
      maxConcurrentStreams: settings.http2MaxConcurrentStreams,
      initialWindowSize: settings.http2InitialWindowSize,
      maxFrameSize: settings.http2MaxFrameSize,
      maxHeaderListSize: settings.http2MaxHeaderListSize,
    },
  }
}

type Received = {
  readonly server: Server
  readonly connection: Connection
  readonly facts: ConnectionFacts
  readonly stream: ServerHttp2Stream
  readonly ended: boolean
  readonly lines: readonly string[]
}

function receive({ server, connection, facts, stream, ended, lines }: Received): void {
  const head = readHead(lines)
  if (head === null) {
    return stream.respond({ [constants.HTTP2_HEADER_STATUS]: refusals.connect.status }, { endStream: true })
  }
  carryStream(asSocket(stream, facts), connection)
  const request = makeRequest(stream, head, ended)
  const response = makeResponse(stream, request)
  // What has not come by then does not come any more, for an application that has answered before too.
  stream.once('close', () => {
    if (response.writableFinished && request.complete) return
    request.destroy(response.writableFinished ? undefined : Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
  })
  server.emit(eventOf(request), request, response)
}

/** As node:http tells of a request. */
function eventOf({ headers: { expect } }: IncomingMessage): 'request' | 'checkContinue' | 'checkExpectation' {
  if (expect === undefined) return 'request'
  return expect.toLowerCase() === '100-continue' ? 'checkContinue' : 'checkExpectation'
}
