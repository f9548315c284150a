import type { IncomingMessage } from 'node:http'
import type { Connection } from './connections.ts'
import type { Trust } from './trust.ts'

/**
 * Makes a request say who its client is: `remoteAddress`, `remotePort`, `remoteFamily` and `encrypted` of its socket,
 * which is where Express, Koa, Fastify and Hono look. Headers in which anyone but a trusted proxy names a client go.
 */
export function tellClient(connection: Connection, request: IncomingMessage, trust: Trust): void {
  const { headers } = request
  if (!connection.trusted) return dropFields(request, isForwarding)
  const xForwardedFor = text(headers['x-forwarded-for'])
  const xForwardedProto = text(headers['x-forwarded-proto'])
  const forwarded = headers.forwarded
  if (xForwardedFor === undefined && xForwardedProto === undefined && forwarded === undefined) {
    connection.client = null
    return
  }
  const { client, chain } = trust.attribute({ xForwardedFor, xForwardedProto, forwarded })
  connection.client = client
  if (!unveiled.has(connection.socket)) unveil(connection)
  if (chain !== xForwardedFor) replaceField(request, 'x-forwarded-for', chain)
  if (xForwardedFor !== undefined && forwarded !== undefined) dropFields(request, (name) => name === 'forwarded')
}

function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

const forwarding = /^(?:x-forwarded-.*|forwarded|x-real-ip)$/

function isForwarding(name: string): boolean {
  const first = name.charCodeAt(0)
  return (first === 120 || first === 102) && forwarding.test(name)
}

function dropFields(request: IncomingMessage, unwanted: (name: string) => boolean): void {
  for (const name in request.headers) if (unwanted(name)) replaceField(request, name, undefined)
}

/** Changes a header wherever an application may look for it: `headers`, `headersDistinct` and `rawHeaders`. */
function replaceField(request: IncomingMessage, name: string, value: string | undefined): void {
  // Made from rawHeaders when first asked for, by their number at the begin, so it is asked for before that changes.
  const { rawHeaders, headersDistinct } = request
  let spelling = name
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const written = rawHeaders[at] ?? ''
    if (written.length !== name.length || written.toLowerCase() !== name) continue
    spelling = written
    rawHeaders.splice(at, 2)
  }
  if (value === undefined) {
    delete request.headers[name]
    delete headersDistinct[name]
    return
  }
  rawHeaders.push(spelling, value)
  request.headers[name] = value
  headersDistinct[name] = [value]
}

/** The connection that a socket belongs to, for sockets that show their client instead of their peer. */
const unveiled = new WeakMap<object, Connection>()

/**
 * Once for each connection: from then on its socket answers with the client of the latest request. All sockets share
 * these functions, because V8 makes an object slow that gets an accessor of its own.
 */
const shown: PropertyDescriptorMap = {
  remoteAddress: accessor((connection) => addressOf(connection)),
  remotePort: accessor(({ client, peer }) => (client?.address === undefined ? peer.port : client.port)),
  remoteFamily: accessor((connection) => familyOf(addressOf(connection))),
  encrypted: accessor(({ client, peer }) => client?.encrypted ?? peer.encrypted),
}

function accessor(read: (connection: Connection) => unknown): PropertyDescriptor {
  const get = function (this: object): unknown {
    const connection = unveiled.get(this)
    return connection === undefined ? undefined : read(connection)
  }
  return { get, configurable: true, enumerable: true }
}

function unveil(connection: Connection): void {
  unveiled.set(connection.socket, connection)
  Object.defineProperties(connection.socket, shown)
}

function addressOf({ client, peer }: Connection): string | undefined {
  return client?.address ?? peer.address
}

function familyOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  return address.includes(':') ? 'IPv6' : 'IPv4'
}
