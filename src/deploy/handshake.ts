import type { X509Certificate } from 'node:crypto'
import { connect as connectHttp2 } from 'node:http2'
import { connect, type SecureVersion } from 'node:tls'
import type { Endpoint } from './client.ts'

export type Handshake =
  | {
      readonly outcome: 'agreed'
      readonly protocol: string
      readonly application: string | null
      readonly certificate: X509Certificate | null
    }
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Our own TLS library cannot speak the version, so nothing is known. */
  | { readonly outcome: 'untried'; readonly reason: string }

export type HandshakeTerms = {
  readonly version?: SecureVersion
  readonly protocols?: readonly string[]
  readonly within?: number
}

/** Shakes hands on the terms, and hangs up. */
export function shakeHands(endpoint: Endpoint, terms: HandshakeTerms): Promise<Handshake> {
  return new Promise((resolve) => {
    const socket = connect({
      host: endpoint.host,
      port: endpoint.port,
      servername: endpoint.name,
      rejectUnauthorized: false,
      ...(terms.protocols === undefined ? {} : { ALPNProtocols: [...terms.protocols] }),
      ...(terms.version === undefined ? {} : exactly(terms.version)),
    })
    const finish = (handshake: Handshake) => {
      socket.destroy()
      resolve(handshake)
    }
    socket.setTimeout(terms.within ?? 5000, () => finish({ outcome: 'refused', reason: 'no answer' }))
    socket.once('error', (error: NodeJS.ErrnoException) => finish(refusal(error)))
    socket.once('close', () => finish({ outcome: 'refused', reason: 'the connection was closed' }))
    socket.once('secureConnect', () => {
      const application = typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null
      const certificate = socket.getPeerX509Certificate() ?? null
      finish({ outcome: 'agreed', protocol: socket.getProtocol() ?? 'unknown', application, certificate })
    })
  })
}

/** Gets a page by HTTP/2; resolves with the status, rejects when the other side does not speak it. */
export function askByHttp2(endpoint: Endpoint, path: string, within = 5000): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`https://${endpoint.name}:${endpoint.port}`, {
      createConnection: () =>
        connect({
          host: endpoint.host,
          port: endpoint.port,
          servername: endpoint.name,
          rejectUnauthorized: false,
          ALPNProtocols: ['h2'],
        }),
    })
    const late = setTimeout(() => fail(new Error(`no answer within ${within} ms`)), within)
    const fail = (error: Error) => {
      clearTimeout(late)
      session.destroy()
      reject(error)
    }
    session.once('error', fail)
    const stream = session.request({
      ':method': 'GET',
      ':path': path,
      ':authority': `${endpoint.name}:${endpoint.port}`,
    })
    stream.once('error', fail)
    stream.once('response', (headers) => {
      clearTimeout(late)
      resolve(Number(headers[':status']))
      session.destroy()
    })
  })
}

/** OpenSSL 3 refuses the old versions on our side unless the security level is lowered for this connection. */
function exactly(version: SecureVersion) {
  return { minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' }
}

function refusal(error: NodeJS.ErrnoException): Handshake {
  const reason = error.code ?? error.message
  return reason === 'ERR_SSL_NO_PROTOCOLS_AVAILABLE' ? { outcome: 'untried', reason } : { outcome: 'refused', reason }
}
