import type { Socket } from 'node:net'
import { createServer } from 'node:tls'
import { announce, carryOver } from './announced.ts'
import { awaitProxyHeader } from './await-proxy-header.ts'
import type { ProxyProtocol } from './proxy-header.ts'

export type Certificate = { readonly cert: Buffer; readonly key: Buffer }

export type Balancers = {
  readonly accepted: ProxyProtocol
  /** Whether a peer is one of the balancers, whose connections begin with a PROXY header. */
  readonly include: (address: string | undefined) => boolean
  readonly onRefused: (peer: string | undefined, reason: string) => void
}

export type ReceptionOptions = {
  readonly certificate: Certificate | null
  readonly balancers: Balancers | null
  /** A new connection, PROXY header read, TLS handshake done. */
  readonly onConnection: (socket: Socket) => void
}

export type Reception = {
  readonly receive: (socket: Socket) => void
  /** Connections that are not through it, and when they were accepted. */
  readonly handshaking: ReadonlyMap<Socket, number>
}

type Receive = (socket: Socket) => void

/** Half-open and without Nagle's delay, as node:http makes its own connections. */
export const asHttpDoes = { allowHalfOpen: true, noDelay: true } as const

/** What happens between the kernel and the first byte of HTTP. */
export function createReception({ certificate, balancers, onConnection }: ReceptionOptions): Reception {
  const handshaking = new Map<Socket, number>()
  const done: Receive = (socket) => {
    handshaking.delete(socket)
    onConnection(socket)
  }
  if (certificate === null && balancers === null) return { receive: onConnection, handshaking }
  const secure = certificate === null ? done : receiveTls(certificate, handshaking, onConnection)
  const receive: Receive = (socket) => {
    handshaking.set(socket, performance.now())
    socket.once('close', () => handshaking.delete(socket))
    if (balancers?.include(socket.remoteAddress)) receiveAnnounced(socket, balancers, secure)
    else secure(socket)
  }
  return { receive, handshaking }
}

function receiveAnnounced(socket: Socket, { accepted, onRefused }: Balancers, receive: Receive): void {
  const peer = socket.remoteAddress
  awaitProxyHeader(socket, {
    accepted,
    onAnnounced: (announced) => {
      announce(socket, announced)
      receive(socket)
    },
    onRefused: (reason) => onRefused(peer, reason),
  })
}

function receiveTls(certificate: Certificate, handshaking: Map<Socket, number>, onConnection: Receive): Receive {
  const options = { ...asHttpDoes, ...certificate, ALPNProtocols: ['http/1.1'] }
  const server = createServer(options, (socket) => {
    const beneath = Reflect.get(socket, '_parent') as Socket
    handshaking.delete(beneath)
    carryOver(beneath, socket)
    onConnection(socket)
  })
  // A handshake that fails concerns that client only.
  server.on('tlsClientError', () => {})
  return (socket) => void server.emit('connection', socket)
}
