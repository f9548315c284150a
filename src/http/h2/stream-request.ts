import { IncomingMessage } from 'node:http'
import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'

/** The head of a request over HTTP/2, in the form that node:http has for one over HTTP/1.1. */
export type StreamHead = {
  readonly method: string
  readonly url: string
  /** Names and values by turns; `Host` first. */
  readonly rawHeaders: readonly string[]
}

/** Reads names and values as they came. Null for CONNECT, which has no path (RFC 9113, 8.5). */
export function readHead(lines: readonly string[]): StreamHead | null {
  const pseudo: Record<string, string> = {}
  const fields: string[] = []
  const cookies: string[] = []
  for (let at = 0; at < lines.length; at += 2) {
    const [name = '', value = ''] = [lines[at], lines[at + 1]]
    if (name.startsWith(':')) pseudo[name] = value
    // A client may send each of its cookies as a field of its own (RFC 9113, 8.2.3).
    else if (name === 'cookie') cookies.push(value)
    else fields.push(name, value)
  }
  if (cookies.length > 0) fields.push('cookie', cookies.join('; '))
  const { ':method': method, ':path': url, ':authority': authority } = pseudo
  if (method === undefined || url === undefined) return null
  const host = hostIn(fields)
  // With two hosts that differ the request is refused, as one over HTTP/1.1 would be (RFC 9113, 8.3.1).
  const named = authority === undefined || host?.toLowerCase() === authority.toLowerCase() ? [] : ['host', authority]
  return { method, url, rawHeaders: [...named, ...fields] }
}

function hostIn(fields: readonly string[]): string | undefined {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name === 'host')
  return at < 0 ? undefined : fields[at + 1]
}

/** A request as applications of node:http know it, with the stream in the place of its socket. */
export function makeRequest(stream: ServerHttp2Stream, head: StreamHead, ended: boolean): IncomingMessage {
  const request = new IncomingMessage(stream as unknown as Socket)
  Object.assign(request, { httpVersion: '2.0', httpVersionMajor: 2, httpVersionMinor: 0 })
  request.method = head.method
  request.url = head.url
  addLines(request, head.rawHeaders)
  if (ended) {
    request.complete = true
    request.push(null)
  } else passBody(stream, request)
  return request
}

const cut = new WeakSet<ServerHttp2Stream>()

/** Takes no more of a body. An application that reads on is not to believe that what it has is all of it. */
export function cutBody(stream: ServerHttp2Stream): void {
  if (Reflect.get(stream, '_readableState')?.ended !== true) cut.add(stream)
  stream.close(constants.NGHTTP2_NO_ERROR)
}

/** This is how the parser of node:http fills a request; `headers` and its like are made from it when asked for. */
function addLines(request: IncomingMessage, lines: readonly string[]): void {
  Reflect.apply(Reflect.get(request, '_addHeaderLines'), request, [lines, lines.length])
}

function passBody(stream: ServerHttp2Stream, request: IncomingMessage): void {
  let wanted = false
  request._read = () => {
    if (!wanted) {
      wanted = true
      stream.on('data', (chunk: Buffer) => {
        if (!request.push(chunk)) stream.pause()
      })
    }
    stream.resume()
  }
  stream.on('trailers', (_headers: unknown, _flags: number, lines: readonly string[]) => {
    request.complete = true
    addLines(request, lines)
  })
  stream.on('end', () => {
    // The end of a stream that was reset, by the client or by us, is no end of the body.
    if (stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR || cut.has(stream)) return
    request.complete = true
    request.push(null)
  })
}
