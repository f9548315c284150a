import { Server as HttpServer } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { Address } from '../contract/listeners.ts'
import { lookOften } from '../http/node-timeouts.ts'
import { isHttp2 } from './is-http2.ts'

type Listener = (...given: never[]) => unknown

export type Adoption = {
  /** The first HTTP server on which the application called listen(), or null as long as there is none. */
  readonly server: () => HttpServer | null
  /** Whether a server of node:http2 was told to listen: it does so as written, and cannot be adopted. */
  readonly hasHttp2: () => boolean
  /** Resolves with that server. */
  readonly adopted: Promise<HttpServer>
  /** Makes a server that nobody has told to listen believe that it listens. */
  readonly take: (server: HttpServer) => HttpServer
  /** Lets the adopted server listen as it was written, so that the next one that listens is adopted. */
  readonly release: () => void
  /** A server with this listener that is told to listen later is the application once more, and only pretends. */
  readonly alias: (listener: Listener) => void
}

export type AdoptOptions = {
  /** What the application is told it listens on. */
  readonly address: Address | null
  /** What happens when it closes its server: resolves when no connection is left. */
  readonly onClose: () => Promise<void>
}

/**
 * Takes over the first listen() of an HTTP server anywhere in the process: the server believes that it listens, and gets
 * its connections from the front door. Later calls listen as written, unless they are for the same listener once more.
 */
export function adoptListen(options: AdoptOptions): Adoption {
  const { listen } = NetServer.prototype
  let aliased: Listener = () => {}
  let held: { readonly server: HttpServer; readonly given: readonly unknown[] } | null = null
  // Fastify opens a second server for `localhost`, with the same listener, where the name has two addresses.
  const isHeld = (listener: unknown): boolean =>
    held?.server.listeners('request').some((own) => own === listener) ?? false
  let hasHttp2 = false
  const { promise, resolve } = withResolve<HttpServer>()
  NetServer.prototype.listen = function (this: NetServer, ...given: unknown[]): NetServer {
    hasHttp2 ||= isHttp2(this)
    const again = this.listeners('request').some((listener) => listener === aliased || isHeld(listener))
    if (!isHttp(this) || this.listening || (held !== null && !again)) return Reflect.apply(listen, this, given)
    pretendToListen(this, options)
    const callback = given.at(-1)
    if (typeof callback === 'function') this.once('listening', callback as () => void)
    process.nextTick(() => this.emit('listening'))
    if (held !== null) return this
    held = { server: this, given }
    resolve(this)
    return this
  } as typeof listen
  return {
    alias: (listener) => {
      aliased = listener
    },
    server: () => held?.server ?? null,
    hasHttp2: () => hasHttp2,
    adopted: promise,
    take: (server) => {
      if (server === held?.server) return server
      held ??= { server, given: [] }
      pretendToListen(server, options)
      server.emit('listening')
      return server
    },
    release: () => {
      if (held === null) return
      const { server, given } = held
      held = null
      stopPretending(server)
      // Its callback has been called.
      Reflect.apply(listen, server, given.filter(isNoCallback))
    },
  }
}

/** An https server is no http.Server but has the same requests; to ask for the class of node:tls would load it. */
function isHttp(server: NetServer): server is HttpServer {
  return (
    server instanceof HttpServer || ('setSecureContext' in server && 'headersTimeout' in server && !isHttp2(server))
  )
}

const pretended = ['listening', 'address', 'close', 'listen'] as const

function pretendToListen(server: HttpServer, { address, onClose }: AdoptOptions): void {
  let open = true
  lookOften(server)
  const close = (callback?: (error?: Error) => void): HttpServer => {
    if (typeof callback === 'function') server.once('close', callback)
    if (open) void onClose().then(() => server.emit('close'))
    open = false
    return server
  }
  const listen = (): never => {
    const error = new Error('Listen method has been called more than once without closing.')
    throw Object.assign(error, { code: 'ERR_SERVER_ALREADY_LISTEN' })
  }
  const values = { address: () => (open ? asNodeWrites(address) : null), close, listen }
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(server, name, { value, configurable: true, writable: true })
  }
  Object.defineProperty(server, 'listening', { get: () => open, configurable: true })
}

function stopPretending(server: HttpServer): void {
  for (const name of pretended) Reflect.deleteProperty(server, name)
}

const isNoCallback = (argument: unknown): boolean => typeof argument !== 'function'

function asNodeWrites(address: Address | null): unknown {
  if (address === null || address.kind === 'fd') return null
  if (address.kind === 'unix') return address.path
  return { address: address.host, family: address.host.includes(':') ? 'IPv6' : 'IPv4', port: address.port }
}

function withResolve<Value>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
