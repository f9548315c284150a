import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { withoutConnectionFields } from './response-fields.ts'
import { cutBody } from './stream-request.ts'

type Send = (data: unknown, encoding: unknown, done?: unknown) => boolean

/** What node:http keeps in an answer, and has kept there since the beginning. */
type Inner = {
  _header: string | null
  _headerSent: boolean
  _hasBody: boolean
  _contentLength: number | null
  _removedContLen: boolean
  _send: Send
}

const trailers = new WeakMap<ServerResponse, OutgoingHttpHeaders>()

/**
 * An answer as applications of node:http know it, which goes out on a stream of HTTP/2: all that differs is how the head
 * is written, and what has a form of its own there. The functions are the object's own and not inherited, because
 * Express gives requests and answers another prototype.
 */
export function makeResponse(stream: ServerHttp2Stream, request: IncomingMessage): ServerResponse {
  const response = Object.assign(new ServerResponse(request), own)
  Object.defineProperty(response, 'writableNeedDrain', needsDrain)
  response.assignSocket(stream as unknown as Socket)
  stream.on('drain', () => response.emit('drain'))
  stream.on('wantTrailers', () => stream.sendTrailers(trailers.get(response) ?? {}))
  response.once('finish', () => {
    // The rest of a body that nobody wants need not be sent (RFC 9113, 8.1).
    if (request.complete) stream.end()
    else cutBody(stream)
  })
  return response
}

const needsDrain: PropertyDescriptor = {
  get(this: ServerResponse) {
    return !this.destroyed && !this.writableEnded && this.socket?.writableNeedDrain === true
  },
  configurable: true,
}

const own = {
  _send(this: ServerResponse, data: unknown, encoding: unknown, done?: unknown): boolean {
    const stream = streamOf(this)
    return stream?.writableEnded === false && send(stream, data, [encoding, done])
  },
  _storeHeader(this: ServerResponse, _statusLine: string, given: unknown): void {
    const inner = this as unknown as Inner
    inner._header = 'h2'
    inner._headerSent = true
    const stream = streamOf(this)
    // It may have been answered with a refusal while the application was at it.
    if (stream === null || stream.headersSent) return
    const fields = withoutConnectionFields(this.getHeaderNames().length > 0 ? this.getHeaders() : given)
    const hasTrailers = trailers.has(this) || fields['trailer'] !== undefined
    const length = inner._hasBody && !hasTrailers && !inner._removedContLen ? inner._contentLength : null
    if (length !== null && fields['content-length'] === undefined) fields['content-length'] = length
    // These have no body by definition, and the stream ends with their head.
    if (!inner._hasBody || this.statusCode === 205) inner._send = discard
    const head = { ...fields, [constants.HTTP2_HEADER_STATUS]: this.statusCode }
    stream.respond(head, { waitForTrailers: hasTrailers, endStream: false })
  },
  writeContinue(this: ServerResponse, done?: () => void): void {
    inform(this, { [constants.HTTP2_HEADER_STATUS]: 100 }, done)
    // node:http takes note of it here, and so do those who wait for a body.
    Object.assign(this, { _sent100: true })
  },
  writeProcessing(this: ServerResponse, done?: () => void): void {
    inform(this, { [constants.HTTP2_HEADER_STATUS]: 102 }, done)
  },
  writeEarlyHints(this: ServerResponse, hints: Record<string, string | string[]>, done?: () => void): void {
    const { link, ...others } = hints
    if (link === undefined || link.length === 0) return
    const links = Array.isArray(link) ? link.join(', ') : link
    inform(this, { ...others, link: links, [constants.HTTP2_HEADER_STATUS]: 103 }, done)
  },
  addTrailers(this: ServerResponse, given: unknown): void {
    trailers.set(this, { ...trailers.get(this), ...withoutConnectionFields(given) })
  },
}

function inform(response: ServerResponse, fields: OutgoingHttpHeaders, done?: () => void): void {
  const stream = streamOf(response)
  if (stream !== null && !stream.headersSent) stream.additionalHeaders(fields)
  if (typeof done === 'function') process.nextTick(done)
}

/** The stream of an answer, as long as there is somebody to answer. */
function streamOf({ socket }: ServerResponse): ServerHttp2Stream | null {
  const stream = socket as unknown as ServerHttp2Stream | null
  return stream === null || stream.destroyed || stream.closed ? null : stream
}

const discard: Send = (_data, encoding, done) => {
  const told = typeof encoding === 'function' ? encoding : done
  if (typeof told === 'function') process.nextTick(told as () => void)
  return true
}

/**
 * Text is turned into bytes here: node:http2 may let go of the text of several writes before it has gone out when an
 * empty one follows, as one does at the end of each answer of node:http; then the client gets whatever memory held next.
 */
function send(stream: ServerHttp2Stream, data: unknown, [encoding, done]: readonly [unknown, unknown]): boolean {
  const told = (typeof encoding === 'function' ? encoding : done) as ((error?: Error | null) => void) | undefined
  if (data === '' && encoding === 'latin1' && told !== undefined) {
    stream.end((error?: Error | null) => {
      if (!error) told()
    })
    return true
  }
  const isText = typeof data === 'string'
  const bytes = isText ? Buffer.from(data, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8') : data
  if ((bytes as Buffer).length === 0) return discard(data, encoding, done)
  return stream.write(bytes, told)
}
