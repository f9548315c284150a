import assert from 'node:assert/strict'
import net from 'node:net'
import { test } from 'node:test'
import tls from 'node:tls'
import { makeCertificate } from '../helpers/certificates.ts'
import type { Target } from '../helpers/http-request.ts'
import { proxyHeaderV2 } from '../helpers/proxy-header.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { settled } from '../helpers/until.ts'

const headers = { none: '', v1: 'PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\n', v2: proxyHeaderV2() } as const

type Sent = keyof typeof headers
/** Served as whom the header names, served as itself, or not at all. */
type Outcome = 'named' | 'itself' | 'not'

/** What becomes of the connections of a balancer, by what they begin with. */
const ofBalancers: Readonly<Record<string, Readonly<Record<Sent, Outcome>>>> = {
  off: { none: 'itself', v1: 'not', v2: 'not' },
  v1: { none: 'not', v1: 'named', v2: 'not' },
  v2: { none: 'not', v1: 'not', v2: 'named' },
  auto: { none: 'not', v1: 'named', v2: 'named' },
}
const ofOthers = { none: 'itself', v1: 'not', v2: 'not' } as const

type Way = { readonly target: Target; readonly from?: string; readonly secure: boolean }

/** Connects, begins with the header, asks once, and says what became of it. */
async function ask({ target, from, secure }: Way, sent: Sent): Promise<Outcome> {
  const where = 'port' in target ? { host: '127.0.0.1', ...target, localAddress: from } : { path: target.socketPath }
  const wire = net.connect(where)
  if (headers[sent] !== '') wire.write(headers[sent])
  const socket = secure ? tls.connect({ socket: wire, rejectUnauthorized: false }) : wire
  let received = ''
  const closed = new Promise((resolve) => wire.once('close', resolve))
  for (const end of [wire, socket]) end.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
  })
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await settled(closed, { what: 'the end of the connection' })
  if (!received.startsWith('HTTP/1.1 200 ')) return 'not'
  return received.includes('"remoteAddress":"203.0.113.9","remotePort":4711') ? 'named' : 'itself'
}

async function outcomes(way: Way): Promise<Readonly<Record<string, Outcome>>> {
  const all = (['none', 'v1', 'v2'] as const).map(async (sent) => [sent, await ask(way, sent)] as const)
  return Object.fromEntries(await Promise.all(all))
}

for (const [mode, expected] of Object.entries(ofBalancers)) {
  test(`--proxy-protocol ${mode} over TCP, TLS and a unix socket believes what it says, of whom --proxy-allow-from names`, async () => {
    await using dir = await tempDir()
    const { certfile, keyfile } = await makeCertificate(dir, 'site')
    for (const encryption of [[], ['--certfile', certfile, '--keyfile', keyfile]]) {
      const flags = ['--bind', '127.0.0.1:0', '--proxy-protocol', mode, '--proxy-allow-from', '127.0.0.1,192.0.2.0/24']
      await using server = await startServer({ app: 'echo', bind: 'unix', flags: [...flags, ...encryption] })
      const { port, socketPath } = server
      const secure = encryption.length > 0
      assert.deepEqual(await outcomes({ target: { port }, from: '127.0.0.1', secure }), expected)
      assert.deepEqual(await outcomes({ target: { socketPath }, secure }), expected)
      assert.deepEqual(await outcomes({ target: { port }, from: '127.0.0.2', secure }), ofOthers)
    }
  })
}
