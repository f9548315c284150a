import { createServer, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { receiveTls } from '../../src/http/tls.ts'
import { makeCertificate } from '../helpers/certificates.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs } from '../stack/needs.ts'

/** The head of a TLS record that is to hold 512 bytes. */
const half = '\x16\x03\x01\x02\x00\x01'

/** What a client of TLS says first. */
function hello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const wire = new Duplex({ read: () => {}, write: resolve })
    connect({ socket: wire, rejectUnauthorized: false }).on('error', () => {})
  })
}

type Receiver = Disposable & { readonly port: number; readonly allClosed: (count: number) => Promise<unknown> }

/** Receives connections that are to begin with a handshake, which may take so many milliseconds. */
async function receiver(dir: TempDir, limitMs: number): Promise<Receiver> {
  const { cert, key } = await makeCertificate(dir, 'site')
  const tls = { cert, key, ca: null, clients: 'none', ciphers: null, minVersion: 'TLSv1.2', protocols: ['h1'] } as const
  const accepted: Socket[] = []
  const receive = receiveTls(tls, () => {}, limitMs)
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    receive(socket)
  }).listen(0, '127.0.0.1')
  const port = await until(() => (server.address() as { port: number } | null)?.port)
  const allClosed = (count: number): Promise<unknown> =>
    until(() => accepted.length === count && accepted.every((socket) => socket.closed), {
      what: 'our side to be closed',
    })
  return { port, allClosed, [Symbol.dispose]: () => void server.close() }
}

test('a client that does not finish its part of the handshake loses its connection', {
  skip: needs('openssl'),
}, async () => {
  await using dir = await tempDir()
  using server = await receiver(dir, 200)
  await using silent = await rawSocket(server)
  await using slow = await rawSocket(server)
  slow.write(half)
  for (const client of [silent, slow]) await client.closed()
  await server.allClosed(2)
})

test('a client that ends its side during the handshake is not waited for', { skip: needs('openssl') }, async () => {
  await using dir = await tempDir()
  using server = await receiver(dir, 600_000)
  await using gone = await rawSocket(server)
  gone.end()
  await using torn = await rawSocket(server)
  torn.write(half)
  torn.end()
  await using helloed = await rawSocket(server)
  helloed.write(await hello())
  await until(() => helloed.received() !== '', { what: 'our part of the handshake' })
  helloed.end()
  for (const client of [gone, torn, helloed]) await client.closed()
  await server.allClosed(3)
})
