import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { receiveTls } from '../../src/http/tls.ts'
import { makeCertificate } from '../helpers/certificates.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs } from '../stack/needs.ts'

/** The head of a TLS record that is to hold 512 bytes. */
const half = '\x16\x03\x01\x02\x00\x01'

test('a client that does not finish its part of the handshake loses its connection', {
  skip: needs('openssl'),
}, async () => {
  await using dir = await tempDir()
  const { cert, key } = await makeCertificate(dir, 'site')
  const tls = { cert, key, ca: null, clients: 'none', ciphers: null, minVersion: 'TLSv1.2', protocols: ['h1'] } as const
  const accepted: Socket[] = []
  const receive = receiveTls(tls, () => {}, 200)
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket)
    receive(socket)
  }).listen(0, '127.0.0.1')
  const port = await until(() => (server.address() as { port: number } | null)?.port)
  await using silent = await rawSocket({ port })
  await using gone = await rawSocket({ port })
  gone.end()
  await using slow = await rawSocket({ port })
  slow.write(half)
  await using torn = await rawSocket({ port })
  torn.write(half)
  torn.end()
  for (const client of [silent, gone, slow, torn]) await client.closed()
  await until(() => accepted.length === 4 && accepted.every((socket) => socket.closed), {
    what: 'our side to be closed',
  })
  server.close()
})
