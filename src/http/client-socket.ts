import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Connection } from './connections.ts'
import type { Client } from './forwarded.ts'

/**
 * Has the socket of a request answer with its client. A proxy that sends the next request before it has the answer to
 * the last one may do so for another client; then each of them has a view of the socket of its own.
 */
export function showClient(connection: Connection, request: IncomingMessage, client: Client | null): void {
  const others = connection.exchanges.length - (connection.exchanges.at(-1)?.request === request ? 1 : 0)
  if (others > 0 && !isSame(connection.client, client)) {
    request.socket = viewOf(connection, client)
    return
  }
  connection.client = client
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

const shown: PropertyDescriptorMap = {
  remoteAddress: accessor((connection) => addressOf(connection)),
  remotePort: accessor((connection) => portOf(connection)),
  remoteFamily: accessor((connection) => familyOf(addressOf(connection))),
  encrypted: accessor((connection) => isEncrypted(connection)),
}

type Ends = Pick<Connection, 'client' | 'peer'>

function accessor(read: (connection: Connection) => unknown): PropertyDescriptor {
  const get = function (this: object): unknown {
    const connection = unveiled.get(this)
    return connection === undefined ? undefined : read(connection)
  }
  return { get, configurable: true, enumerable: true }
}

/** The socket as seen by a request whose client is not the latest one. */
function viewOf(connection: Connection, client: Client | null): Socket {
  const { socket, peer } = connection
  const ends = { client, peer }
  const own = new Map<PropertyKey, unknown>([
    ['remoteAddress', addressOf(ends)],
    ['remotePort', portOf(ends)],
    ['remoteFamily', familyOf(addressOf(ends))],
    ['encrypted', isEncrypted(ends)],
  ])
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

function addressOf({ client, peer }: Ends): string | undefined {
  return client?.address ?? peer.address
}

function portOf({ client, peer }: Ends): number | undefined {
  return client?.address === undefined ? peer.port : client.port
}

function isEncrypted({ client, peer }: Ends): boolean | undefined {
  return client?.encrypted ?? peer.encrypted
}

function familyOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  return address.includes(':') ? 'IPv6' : 'IPv4'
}
