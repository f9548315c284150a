import type { Server } from 'node:http'

export type NodeTimes = { readonly keepAlive: number; readonly headerTimeout: number }

/** What Node sets where nobody does (http.Server in its documentation). */
const ofNode = { headersTimeout: 60_000, requestTimeout: 300_000 } as const

/** How often Node looks for heads that are overdue, in milliseconds: its own 30 seconds would come on top of each limit. */
const lookEvery = 500

/** To be called before the server hears that it listens, which is when Node begins to look. */
export function lookOften(server: Server): void {
  const own: unknown = Reflect.get(server, 'connectionsCheckingInterval')
  Reflect.set(server, 'connectionsCheckingInterval', typeof own === 'number' ? Math.min(own, lookEvery) : lookEvery)
}

/**
 * Sets the limits that Node enforces. What the application has set stays where it is stricter. Node's five minutes for a
 * whole request, body included, would cut long uploads.
 */
export function setNodeTimeouts(server: Server, { keepAlive, headerTimeout }: NodeTimes): void {
  const head = stricter(server.headersTimeout, ofNode.headersTimeout, Math.max(headerTimeout, keepAlive + 1000))
  const whole = stricter(server.requestTimeout, ofNode.requestTimeout, Number.POSITIVE_INFINITY)
  server.keepAliveTimeout = keepAlive
  server.requestTimeout = whole === Number.POSITIVE_INFINITY ? 0 : whole
  // Node takes the shorter of the two for the heads, whichever it is, and the longer for the rest.
  server.headersTimeout = Math.min(head, whole)
}

/** The application's own limit, unless it has none or Node's, or ours is shorter. */
function stricter(own: number, usual: number, ours: number): number {
  return own > 0 && own !== usual ? Math.min(own, ours) : ours
}
