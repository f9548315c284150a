import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Connection } from './connections.ts'
import type { Client } from './forwarded.ts'

/**
 * Has the socket of a request answer with its client. A proxy that sends the next request before it has the answer to
 * the last one may do so for another client; then each of them has a view of the socket of its own.
 */
export function showClient(connection: Connection, request: IncomingMessage, client: Client | null): void {
  connection.client = client
  if (connection.session !== null) {
    if (client !== null) Object.assign(request.socket, endsOf({ shown: client, peer: connection.peer }))
    return
  }
  const others = connection.exchanges.length - (connection.exchanges.at(-1)?.request === request ? 1 : 0)
  if (others > 0 && !isSame(connection.shown, client)) {
    request.socket = viewOf(connection, client)
    return
  }
  connection.shown = client
  if (client !== null) unveil(connection)
}

function isSame(one: Client | null, other: Client | null): boolean {
  return one?.address === other?.address && one?.port === other?.port && one?.encrypted === other?.encrypted
}

/** The connection that a socket belongs to, for sockets that show their client instead of their peer. */
const unveiled = new WeakMap<object, Connection>()

/** The socket behind a view of it, and any other socket itself. */
export function behind(socket: Socket): Socket {
  return unveiled.get(socket)?.socket ?? socket
}

/**
 * Once for each connection: from then on its socket answers with the client of the latest request. All sockets share
 * these functions, because V8 makes an object slow that gets an accessor of its own.
 */
export function unveil(connection: Connection): void {
  if (unveiled.has(connection.socket)) return
  unveiled.set(connection.socket, connection)
  Object.defineProperties(connection.socket, shown)
}

/** Has a stream stand for the socket of a request on this connection, at first with the peer as its client. */
export function carryStream(stream: Socket, connection: Connection): void {
  unveiled.set(stream, connection)
  Object.assign(stream, endsOf({ shown: null, peer: connection.peer }))
}

const shown: PropertyDescriptorMap = {
  remoteAddress: accessor((ends) => addressOf(ends)),
  remotePort: accessor((ends) => portOf(ends)),
  remoteFamily: accessor((ends) => familyOf(addressOf(ends))),
  encrypted: accessor((ends) => isEncrypted(ends)),
}

type Ends = Pick<Connection, 'shown' | 'peer'>

function accessor(read: (ends: Ends) => unknown): PropertyDescriptor {
  const get = function (this: object): unknown {
    const connection = unveiled.get(this)
    return connection === undefined ? undefined : read(connection)
  }
  return { get, configurable: true, enumerable: true }
}

/** The socket as seen by a request whose client is not the latest one. */
function viewOf(connection: Connection, client: Client | null): Socket {
  const { socket, peer } = connection
  const own = new Map<PropertyKey, unknown>(Object.entries(endsOf({ shown: client, peer })))
  const view = new Proxy(socket, {
    get: (target, name) => {
      if (own.has(name)) return own.get(name)
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  })
  unveiled.set(view, connection)
  return view
}

function endsOf(ends: Ends): Readonly<Record<string, unknown>> {
  const remoteAddress = addressOf(ends)
  const remoteFamily = familyOf(remoteAddress)
  return { remoteAddress, remoteFamily, remotePort: portOf(ends), encrypted: isEncrypted(ends) }
}

function addressOf({ shown, peer }: Ends): string | undefined {
  return shown?.address ?? peer.address
}

function portOf({ shown, peer }: Ends): number | undefined {
  return shown?.address === undefined ? peer.port : shown.port
}

function isEncrypted({ shown, peer }: Ends): boolean | undefined {
  return shown?.encrypted ?? peer.encrypted
}

function familyOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  return address.includes(':') ? 'IPv6' : 'IPv4'
}
