import net from 'node:net'
import tls from 'node:tls'
import { request } from '../helpers/http-request.ts'
import { http2Client } from '../helpers/http2-client.ts'
import { ipv4Block, proxyHeaderV2 } from '../helpers/proxy-header.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import type { Dice } from './dice.ts'
import { frames } from './frames.ts'
import { mutate, plant } from './mutate.ts'
import { foreignLine } from './oracle.ts'
import type { Subject } from './subject.ts'

/** A way to the server, and what goes and comes on it. */
export type Way = {
  readonly name: string
  readonly open: () => net.Socket
  /** What an attempt sends; the word in it must not come back. */
  readonly make: (dice: Dice, word: string) => Buffer
  /** What is wrong with an answer, or null. */
  readonly judge: (received: string, word: string) => string | null
  /** Whether a request that is right is served. */
  readonly probe: () => Promise<boolean>
}

export type Corpus = (dice: Dice) => Buffer

export function waysTo({ plain, announced, encrypted }: Subject, corpus: Corpus): readonly [Way, ...Way[]] {
  const requests = { make: requestsFrom(corpus), judge: judgeText }
  const over = (target: { port: number } | { socketPath: string }) => ({
    ...requests,
    open: () => ('port' in target ? net.connect(target.port, '127.0.0.1') : net.connect(target.socketPath)),
    probe: async () => (await request(target, '/')).status === 200,
  })
  return [
    { name: 'tcp', ...over({ port: plain.port }) },
    { name: 'unix', ...over({ socketPath: plain.socketPath }) },
    {
      name: 'proxy',
      ...over({ port: announced.port }),
      make: (dice, word) => announce(dice, requests.make(dice, word)),
      probe: () => probeAnnounced(announced.port),
    },
    {
      name: 'h2',
      open: () =>
        tls.connect({ host: '127.0.0.1', port: encrypted.port, ALPNProtocols: ['h2'], rejectUnauthorized: false }),
      make: (dice, word) => {
        const made = frames(dice, word)
        return dice.chance(0.5) ? made : mutate(made, dice, () => frames(dice, word))
      },
      judge: (received, word) => (received.includes(word) ? 'the word came back' : null),
      probe: async () => {
        await using client = await http2Client(encrypted.port)
        return (await client.request('/')).status === 200
      },
    },
  ]
}

function requestsFrom(corpus: Corpus): Way['make'] {
  return (dice, word) => {
    if (dice.chance(0.1)) return plant(dice.bytes(dice.below(300)), dice, word)
    const changed = mutate(corpus(dice), dice, () => corpus(dice))
    return dice.chance(0.7) ? plant(changed, dice, word) : changed
  }
}

function judgeText(received: string, word: string): string | null {
  if (received.includes(word)) return 'the word came back'
  const line = foreignLine(received)
  return line === null ? null : `not a line of ours: ${JSON.stringify(line.slice(0, 200))}`
}

function announce(dice: Dice, bytes: Buffer): Buffer {
  const header = dice.pick([
    Buffer.from('PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\n'),
    Buffer.from('PROXY UNKNOWN\r\n'),
    proxyHeaderV2(),
    proxyHeaderV2({ block: Buffer.concat([ipv4Block('203.0.113.9', 1), dice.bytes(dice.below(100))]) }),
    Buffer.alloc(0),
  ])
  return Buffer.concat([dice.chance(0.3) ? mutate(header, dice, () => header) : header, bytes])
}

async function probeAnnounced(port: number): Promise<boolean> {
  await using socket = await rawSocket({ port })
  socket.write('PROXY TCP4 203.0.113.9 127.0.0.1 4711 443\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  return (await socket.closed()).startsWith('HTTP/1.1 200 ')
}
