import type { ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** What applications ask the socket of a request about its connection. */
export type ConnectionFacts = Readonly<Record<string, unknown>>

/** Collected once for each connection; the functions go to the connection itself. */
export function factsOf(socket: TLSSocket): ConnectionFacts {
  const { localAddress, localPort, localFamily, alpnProtocol, authorized, authorizationError } = socket
  const itself = (): unknown => undefined
  return {
    ...{ localAddress, localPort, localFamily, alpnProtocol, authorized, authorizationError, connecting: false },
    getPeerCertificate: (detailed: boolean) => socket.getPeerCertificate(detailed),
    getPeerX509Certificate: () => socket.getPeerX509Certificate(),
    getCipher: () => socket.getCipher(),
    getProtocol: () => socket.getProtocol(),
    getSession: () => socket.getSession(),
    address: () => socket.address(),
    ...{ setNoDelay: itself, setKeepAlive: itself, ref: itself, unref: itself },
  }
}

/** Has a stream stand for the socket of its request: it is one for reading and writing, and lacks the rest. */
export function asSocket(stream: ServerHttp2Stream, facts: ConnectionFacts): Socket {
  return Object.assign(stream, facts) as unknown as Socket
}
