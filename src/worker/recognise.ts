import { type RequestListener, Server } from 'node:http'
import type { Fetch } from '../http/fetch-adapter.ts'
import { isClass } from './describe-value.ts'

/** What a value turned out to be, and how it becomes a server. */
export type Application =
  | { readonly kind: 'server'; readonly server: Server }
  | { readonly kind: 'listener'; readonly listener: RequestListener }
  | { readonly kind: 'fetch'; readonly fetch: Fetch }
  /** It makes its own server when told to listen: Fastify and Nest. Their hooks expect no less. */
  | { readonly kind: 'listens'; readonly listen: () => Promise<unknown>; readonly close: () => unknown }
  | { readonly kind: 'factory'; readonly make: () => unknown }

type Shape = Readonly<Record<string, unknown>>
type Method = (...given: readonly unknown[]) => unknown

/** Says what can be served in a value, or null. */
export function recognise(value: unknown): Application | null {
  if (typeof value === 'function') return recogniseFunction(value as RequestListener)
  if (typeof value !== 'object' || value === null) return null
  // CommonJS has no await at the top level: `module.exports = makeApp()`.
  if (value instanceof Promise) return { kind: 'factory', make: () => value }
  return value instanceof Server ? { kind: 'server', server: value } : recogniseObject(value as Shape)
}

function recogniseFunction(value: RequestListener): Application | null {
  if (isClass(value)) return null
  const { handle, fetch } = value as unknown as Shape
  if (typeof fetch === 'function') return { kind: 'fetch', fetch: bind(value, fetch as Method) as Fetch }
  // Express and connect applications have a `handle`; a plain listener names the request and the response.
  if (value.length >= 2 || typeof handle === 'function') return { kind: 'listener', listener: value }
  return { kind: 'factory', make: () => Reflect.apply(value, undefined, []) }
}

function recogniseObject(value: Shape): Application | null {
  const { fetch, callback, listen, headersTimeout } = value
  const own = recogniseListening(value)
  if (own !== null) return own
  if (typeof callback === 'function' && Array.isArray(value['middleware'])) {
    return { kind: 'listener', listener: Reflect.apply(callback, value, []) as RequestListener }
  }
  if (typeof fetch === 'function') return { kind: 'fetch', fetch: bind(value, fetch as Method) as Fetch }
  // An https server is no http.Server.
  return typeof listen === 'function' && typeof headersTimeout === 'number'
    ? { kind: 'server', server: value as unknown as Server }
    : null
}

/** Fastify has `ready`, Nest `getHttpAdapter`. */
function recogniseListening(value: Shape): Application | null {
  const { listen, close, ready, getHttpAdapter } = value
  if (typeof listen !== 'function') return null
  // By name, `localhost` would make Fastify listen twice.
  const address =
    typeof ready === 'function' ? { host: '127.0.0.1', port: 0 } : typeof getHttpAdapter === 'function' ? 0 : null
  if (address === null) return null
  return {
    kind: 'listens',
    listen: async () => Reflect.apply(listen, value, [address]),
    close: () => (typeof close === 'function' ? Reflect.apply(close, value, []) : undefined),
  }
}

function bind(owner: object, method: Method): Method {
  return (...given) => Reflect.apply(method, owner, given)
}
