import type { Socket } from 'node:net'
import { announce } from './announced.ts'
import { awaitProxyHeader } from './await-proxy-header.ts'
import type { ProxyProtocol } from './proxy-header.ts'
import { receiveTls, type Tls } from './tls.ts'

export type Balancers = {
  readonly accepted: ProxyProtocol
  /** Whether a peer is one of the balancers, whose connections begin with a PROXY header. */
  readonly include: (address: string | undefined) => boolean
  readonly onRefused: (peer: string | undefined, reason: string) => void
}

export type ReceptionOptions = {
  readonly tls: Tls | null
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
export function createReception({ tls, balancers, onConnection }: ReceptionOptions): Reception {
  const handshaking = new Map<Socket, number>()
  const done: Receive = (socket) => {
    handshaking.delete(socket)
    onConnection(socket)
  }
  if (tls === null && balancers === null) return { receive: onConnection, handshaking }
  const onSecured = (beneath: Socket, socket: Socket): void => {
    handshaking.delete(beneath)
    onConnection(socket)
  }
  const secure = tls === null ? done : receiveTls(tls, onSecured)
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
