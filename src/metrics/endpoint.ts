import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { expositionType } from './exposition.ts'

/** Scrapers are few and quick; whoever holds connections open without asking is none of them. */
const limits = { connections: 32, headBytes: 8192, timeoutMs: 5000 } as const

const path = '/metrics'

/** Answers `GET /metrics` on a listening descriptor, which is its own from then on; anything else is not found. */
export class MetricsEndpoint {
  readonly #server: Server

  constructor(fd: number, render: () => string) {
    const { createServer } = process.getBuiltinModule('node:http')
    this.#server = createServer({ maxHeaderSize: limits.headBytes }, (request, response) =>
      answer(request, response, render),
    )
    this.#server.maxConnections = limits.connections
    this.#server.headersTimeout = limits.timeoutMs
    this.#server.requestTimeout = limits.timeoutMs
    this.#server.keepAliveTimeout = limits.timeoutMs
    this.#server.listen({ fd })
    this.#server.unref()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

function answer(request: IncomingMessage, response: ServerResponse, render: () => string): void {
  const [asked] = (request.url ?? '').split('?')
  if (asked !== path) return refuse(response, 404, 'Not Found: the metrics are at /metrics\n')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return refuse(response, 405, 'Method Not Allowed\n')
  }
  const text = render()
  response.writeHead(200, { 'Content-Type': expositionType, 'Content-Length': Buffer.byteLength(text) })
  response.end(request.method === 'HEAD' ? undefined : text)
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain', Connection: 'close' }).end(text)
}
