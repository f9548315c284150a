import http2 from 'node:http2'
import tls from 'node:tls'
import { settled, until } from './until.ts'

export type StreamAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
  readonly hints: readonly Readonly<Record<string, unknown>>[]
  readonly trailers: Readonly<Record<string, unknown>>
}

export type StreamRequest = {
  readonly method?: string
  readonly headers?: http2.OutgoingHttpHeaders
  readonly body?: string | Uint8Array
}

export type Http2Client = AsyncDisposable & {
  readonly session: http2.ClientHttp2Session
  readonly request: (path: string, options?: StreamRequest) => Promise<StreamAnswer>
  /** Last stream numbers of the GOAWAY frames that came. */
  readonly goaways: () => readonly number[]
}

/** A connection on which HTTP/2 is spoken over TLS: `await using client = await http2Client(port)`. */
export async function http2Client(port: number, options: tls.ConnectionOptions = {}): Promise<Http2Client> {
  const where = { host: '127.0.0.1', port, servername: 'localhost', ALPNProtocols: ['h2'], rejectUnauthorized: false }
  const createConnection = () => tls.connect({ ...where, ...options })
  const session = http2.connect(`https://localhost:${port}`, { createConnection })
  const goaways: number[] = []
  session.on('goaway', (_code, last) => goaways.push(last))
  await settled(new Promise((resolve, reject) => session.once('connect', resolve).once('error', reject)))
  session.on('error', () => {})
  return {
    session,
    goaways: () => goaways,
    request: (path, asked = {}) => settled(ask(session, path, asked)),
    [Symbol.asyncDispose]: async () => {
      session.destroy()
      await until(() => session.destroyed)
    },
  }
}

function ask(session: http2.ClientHttp2Session, path: string, { method = 'GET', headers, body }: StreamRequest) {
  return new Promise<StreamAnswer>((resolve, reject) => {
    const stream = session.request({ ':path': path, ':method': method, ...headers }, { endStream: body === undefined })
    const seen = {
      head: {} as Record<string, unknown>,
      trailers: {},
      hints: [] as Record<string, unknown>[],
      chunks: [] as Buffer[],
    }
    stream.on('headers', (hints) => seen.hints.push(hints))
    stream.on('response', (head) => {
      seen.head = head
    })
    stream.on('trailers', (trailers) => {
      seen.trailers = trailers
    })
    stream.on('data', (chunk: Buffer) => seen.chunks.push(chunk))
    stream.on('error', reject)
    stream.on('close', () => {
      if (stream.rstCode !== 0) return reject(new Error(`the stream was reset with code ${stream.rstCode}`))
      const text = Buffer.concat(seen.chunks).toString('latin1')
      resolve({
        status: Number(seen.head[':status']),
        headers: seen.head,
        body: text,
        hints: seen.hints,
        trailers: seen.trailers,
      })
    })
    if (body !== undefined) stream.end(body)
  })
}
