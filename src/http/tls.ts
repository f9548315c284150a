import type { Socket } from 'node:net'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { carryOver } from './announced.ts'

/** All that is needed to speak TLS. */
export type Tls = {
  readonly cert: Buffer
  readonly key: Buffer
  /** The authorities of client certificates. */
  readonly ca: Buffer | null
  /** Whether clients need a certificate. */
  readonly clients: 'none' | 'optional' | 'required'
  /** Null for the usual ones. */
  readonly ciphers: string | null
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
  readonly protocols: readonly ('h1' | 'h2')[]
}

/** Mozilla's intermediate configuration, guidelines 6.0: the suites for TLS 1.2, as the generated nginx site has them. */
const intermediate = ['ECDSA-AES128-GCM-SHA256', 'RSA-AES128-GCM-SHA256', 'ECDSA-AES256-GCM-SHA384']
  .concat(['RSA-AES256-GCM-SHA384', 'ECDSA-CHACHA20-POLY1305', 'RSA-CHACHA20-POLY1305'])
  .map((suite) => `ECDHE-${suite}`)
  .join(':')

/** How long a client may take for its part of the handshake, in milliseconds; Node's own limit is two minutes. */
const handshakeMs = 30_000

/** Hears that a handshake is over, on which connection, and the one that is to be spoken on. */
type OnSecured = (beneath: Socket, socket: TLSSocket) => void

/** Speaks TLS on connections that are given to it. */
export function receiveTls(tls: Tls, onSecured: OnSecured, limitMs = handshakeMs): (socket: Socket) => void {
  // Loaded only here: it costs 5 ms and 2 MB.
  const { createServer } = process.getBuiltinModule('node:tls')
  const server = createServer({ ...optionsOf(tls), handshakeTimeout: limitMs }, (socket) => {
    const beneath = Reflect.get(socket, '_parent') as Socket
    carryOver(beneath, socket)
    socket.allowHalfOpen = true
    if (isWelcome(socket, tls)) onSecured(beneath, socket)
    else socket.destroy()
  })
  // A handshake that fails, or takes too long, concerns that client only. Node leaves it to us to close the connection.
  server.on('tlsClientError', (_error, socket) => void socket.destroy())
  return (socket) => {
    // Who ends its side before the handshake is over is not waited for; the TLS takes this over from what is beneath.
    socket.allowHalfOpen = false
    server.emit('connection', socket)
  }
}

function optionsOf({ cert, key, ca, clients, ciphers, minVersion, protocols }: Tls): TlsOptions {
  return {
    ...{ noDelay: true, cert, key, ciphers: ciphers ?? intermediate, minVersion, ...(ca !== null && { ca }) },
    // All suites are strong; the client knows which one its hardware does well.
    honorCipherOrder: false,
    requestCert: clients !== 'none',
    rejectUnauthorized: clients === 'required',
    // In the order of our preference.
    ALPNProtocols: [...(protocols.includes('h2') ? ['h2'] : []), ...(protocols.includes('h1') ? ['http/1.1'] : [])],
  }
}

/** A client without ALPN means HTTP/1.1 (RFC 7301 leaves it open); a wrong certificate is not the same as none. */
function isWelcome(socket: TLSSocket, { clients, protocols }: Tls): boolean {
  if (socket.alpnProtocol === false && !protocols.includes('h1')) return false
  return clients !== 'optional' || socket.authorized || Object.keys(socket.getPeerCertificate()).length === 0
}
