import http from 'node:http'
import https from 'node:https'
import { WebSocket } from 'ws'
import { type Answer, keepAliveAgent, type RequestOptions, request, type Target } from '../helpers/http-request.ts'
import { settled, until } from '../helpers/until.ts'

/** An application as a client sees it over one transport. */
export type Site = {
  readonly request: (path: string, options?: RequestOptions) => Promise<Answer>
  /** A request whose answer is read as it comes. */
  readonly open: (path: string, options?: RequestOptions) => Opened
  readonly socket: (path: string) => Socket
  /** The file that lets go what waits in the application, where that cannot be asked for by a request. */
  readonly gate: string | null
  /** An agent that keeps one connection, for `request`. */
  readonly agent: () => (http.Agent | https.Agent) & Disposable
}

export type Opened = Disposable & {
  readonly outgoing: http.ClientRequest
  readonly connected: () => Promise<void>
  readonly head: () => Promise<http.IncomingMessage>
  /** All of the body so far. */
  readonly body: () => string
  /** Waits until the body so far holds the words. */
  readonly receive: (words: string) => Promise<void>
  readonly ended: () => Promise<void>
}

export type Socket = Disposable & {
  readonly opened: () => Promise<void>
  readonly send: (words: string | Uint8Array) => void
  readonly received: () => readonly (string | Buffer)[]
  /** Waits for its end, and returns the code it was closed with. */
  readonly closed: () => Promise<number>
}

/** Where an application is reached: directly, or by TLS through a proxy. */
export type Way = { readonly target: Target; readonly secure: boolean; readonly gate: string | null }

export function siteAt({ target, secure, gate }: Way): Site {
  const tls = secure ? { tls: { servername: 'localhost' } } : {}
  const complete = (options: RequestOptions = {}): RequestOptions => ({
    ...{ ...tls, ...options },
    headers: { host: 'localhost', ...options.headers },
  })
  return {
    gate,
    request: (path, options) => request(target, path, complete(options)),
    open: (path, options) => open(target, path, complete(options)),
    socket: (path) => openSocket(target, path, secure),
    agent: () => {
      if (!secure) return keepAliveAgent()
      const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
      return Object.assign(agent, { [Symbol.dispose]: () => agent.destroy() })
    },
  }
}

function open(target: Target, path: string, { method = 'GET', headers, tls }: RequestOptions): Opened {
  const where = 'socketPath' in target ? target : { host: '127.0.0.1', ...target }
  const options = { ...where, path, method, headers, agent: false as const }
  const outgoing =
    tls === undefined
      ? http.request(options)
      : https.request({ ...options, rejectUnauthorized: false, servername: 'localhost' })
  let response: http.IncomingMessage | null = null
  let error: Error | null = null
  let body = ''
  let ended = false
  let connected = false
  outgoing.on('error', (failure) => {
    error = failure
  })
  outgoing.on('socket', (socket) => {
    socket.once('connect', () => {
      connected = true
    })
  })
  outgoing.on('response', (head) => {
    response = head
    head.setEncoding('latin1').on('data', (chunk: string) => {
      body += chunk
    })
    head
      .on('error', () => {})
      .on('end', () => {
        ended = true
      })
  })
  const fact = <Value>(what: string, find: () => Value) =>
    until(() => (error === null ? find() : { error }), {
      what: `${what} of ${path}; received: ${body.slice(0, 200)}`,
    }).then((found) => {
      if (typeof found === 'object' && found !== null && 'error' in found) throw error
      return found as Exclude<Value, false | null | undefined | 0 | ''>
    })
  return {
    outgoing,
    connected: async () => void (await fact('the connection', () => connected)),
    head: () => fact('the head', () => response) as Promise<http.IncomingMessage>,
    body: () => body,
    receive: async (words) => void (await fact(`"${words.trim()}"`, () => body.includes(words))),
    ended: async () => void (await fact('the end', () => ended)),
    [Symbol.dispose]: () => void outgoing.on('error', () => {}).destroy(),
  }
}

function openSocket(target: Target, path: string, secure: boolean): Socket {
  const where =
    'socketPath' in target
      ? `ws+unix:${target.socketPath}:${path}`
      : `${secure ? 'wss' : 'ws'}://localhost:${target.port}${path}`
  const socket = new WebSocket(where, {
    rejectUnauthorized: false,
    lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }] as never, 4),
  })
  const received: (string | Buffer)[] = []
  socket.on('message', (words: Buffer, binary) => received.push(binary ? words : words.toString()))
  const opened = new Promise<void>((resolve, reject) => void socket.once('open', resolve).once('error', reject))
  const closed = new Promise<number>((resolve) => void socket.once('close', resolve))
  opened.catch(() => {})
  return {
    opened: () => settled(opened, { what: `a WebSocket at ${path}` }),
    send: (words) => socket.send(words),
    received: () => received,
    closed: () => settled(closed, { what: `the end of the WebSocket at ${path}` }),
    [Symbol.dispose]: () => socket.terminate(),
  }
}
