import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { sendResponse } from './send-response.ts'

/** What a handler gets beside the request: node's own pair, by the names that Hono's applications know. */
export type FetchContext = { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse }

export type Fetch = (request: Request, context: FetchContext) => Response | Promise<Response>

/**
 * Serves a fetch handler. Bodies stream both ways and wait for the slower side; when the client goes away, the signal of
 * the request is aborted and the stream of the answer cancelled.
 */
export function toListener(fetch: Fetch, onError: (error: unknown, request: IncomingMessage) => void): RequestListener {
  return (incoming, outgoing) => {
    const request = toRequest(incoming, outgoing)
    if (request === null) return refuse(outgoing)
    keepUntilClosed(request, outgoing)
    void answer(fetch, request, { incoming, outgoing }).catch((error: unknown) => {
      // What a handler says of the signal is no news to those who gave it.
      if (request.signal.aborted && isAbort(error)) return
      onError(error, incoming)
      if (outgoing.headersSent) outgoing.destroy()
      else outgoing.writeHead(500, { 'Content-Type': 'text/plain' }).end('Internal Server Error\n')
    })
  }
}

async function answer(fetch: Fetch, request: Request, context: FetchContext): Promise<void> {
  const response: unknown = await fetch(request, context)
  if (!isResponse(response)) throw new TypeError(`the fetch handler answered ${String(response)}, expected a Response`)
  await sendResponse(response, context.outgoing)
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** A Response may come from another copy of the class: a polyfill, or a package's own. */
function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value && 'body' in value
}

function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(400, { 'Content-Type': 'text/plain', Connection: 'close' }).end('Bad Request\n')
}

/** The request as the web knows it; null when the web knows no such request (its URL, or the methods CONNECT and TRACE). */
function toRequest(incoming: IncomingMessage, outgoing: ServerResponse): Request | null {
  const { method = 'GET' } = incoming
  const headers = new Headers()
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at] ?? '', incoming.rawHeaders[at + 1] ?? '')
  }
  const init = { method, headers, signal: abortedWith(outgoing) }
  try {
    if (method === 'GET' || method === 'HEAD') return new Request(urlOf(incoming), init)
    const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>
    return new Request(urlOf(incoming), { ...init, body, duplex: 'half' } as RequestInit)
  } catch {
    return null
  }
}

function urlOf({ url = '/', headers, socket }: IncomingMessage): URL {
  if (!url.startsWith('/')) return new URL(url)
  const scheme = 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http'
  // Two slashes at the begin of a path would otherwise be read as another host.
  return new URL(`${scheme}://${headers.host ?? 'localhost'}${url}`)
}

/** A handler that waits for nothing but the signal of its request is collected with both unless somebody holds the request. */
const kept = new Set<Request>()

function keepUntilClosed(request: Request, outgoing: ServerResponse): void {
  kept.add(request)
  outgoing.once('close', () => kept.delete(request))
}

function abortedWith(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController()
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) controller.abort()
  })
  return controller.signal
}
