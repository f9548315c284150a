import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { makeCertificate } from '../../helpers/certificates.ts'
import { http2Client } from '../../helpers/http2-client.ts'
import {
  block,
  errorCode,
  type Field,
  flag,
  four,
  frame,
  frameType,
  get,
  post,
  preface,
  setting,
} from '../../helpers/http2-frames.ts'
import { countConnections } from '../../helpers/process-figures.ts'
import { rawHttp2 } from '../../helpers/raw-http2.ts'
import { type Serving, serving } from '../../helpers/serving-worker.ts'
import { type TempDir, tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'
import { asked } from './cases.ts'

const { data, headers, reset, settings, ping, window, continuation } = frameType
const greeting = [preface, frame(settings, 0, 0)]

/** A connection that is told to close is listened to for 30 seconds at most: a bound, not an expectation. */
const within = 60_000

let dir: TempDir
let server: Serving
let port = 0
/** The memory that the worker has when it serves nobody. */
let usual = 0

before(async () => {
  dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  server = await serving('who/listener.mjs', { certfile, keyfile, httpProtocols: ['h1', 'h2'] })
  port = (server.listener.target as { port: number }).port
  usual = residentMegabytes()
})

after(async () => {
  await server[Symbol.asyncDispose]()
  await dir[Symbol.asyncDispose]()
})

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${server.worker.pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}

/** Frames for as many streams, one after the other. */
const times = (count: number, make: (stream: number) => readonly Buffer[]): readonly Buffer[] =>
  Array.from({ length: count }, (_, at) => make(2 * at + 1)).flat()
const postTo = (path: string): readonly Field[] => post.map(([name, value]) => [name, name === ':path' ? path : value])
/** The head of a request whose body nobody reads, and which nobody answers. */
const never = (stream: number): Buffer => frame(headers, flag.endHeaders, stream, block(...postTo('/never')))
const field = block(['a', 'b'])
const manySettings = Buffer.concat(Array.from({ length: 2000 }, () => setting(99, 1)))

const floods: readonly (readonly [name: string, what: string, frames: readonly Buffer[]])[] = [
  [
    'CVE-2023-44487',
    'opens streams and resets them',
    times(3000, (stream) => [asked(stream), frame(reset, 0, stream, four(8))]),
  ],
  [
    'CVE-2025-8671',
    'opens streams that the server has to reset',
    times(3000, (stream) => [never(stream), frame(headers, flag.endHeaders, stream, field)]),
  ],
  [
    'CVE-2024-27316',
    'goes on and on with its fields',
    [frame(headers, 1, 1, block(...get)), ...times(3000, () => [frame(continuation, 0, 1, field)])],
  ],
  [
    'CVE-2019-9516',
    'goes on and on with fields that are empty',
    [frame(headers, 1, 1), ...times(3000, () => [frame(continuation, 0, 1)])],
  ],
  ['CVE-2019-9518', 'sends DATA without content', [never(1), ...times(3000, () => [frame(data, 0, 1)])]],
  ['CVE-2020-11080', 'sends thousands of settings', times(50, () => [frame(settings, 0, 0, manySettings)])],
]

for (const [name, what, frames] of floods) {
  test(`HTTP/2: a client that ${what} loses its connection (${name})`, async () => {
    await using raw = await rawHttp2(port)
    raw.write(...greeting, ...frames)
    await until(() => raw.isClosed(), { what: 'the end of the connection', within })
  })
}

const answeredKinds = [
  ['CVE-2019-9515', 'SETTINGS', frame(settings, 0, 0)],
  ['CVE-2019-9512', 'PINGs', frame(ping, 0, 0, Buffer.alloc(8))],
] as const

for (const [name, what, one] of answeredKinds) {
  test(`HTTP/2: a client that sends ${what} and reads no answers loses its connection (${name})`, async () => {
    await until(() => countConnections(port) === 0, { what: 'the ends of earlier connections', within })
    await using raw = await rawHttp2(port)
    raw.socket.pause()
    raw.write(...greeting)
    const many = Buffer.concat(Array.from({ length: 20_000 }, () => one))
    for (let round = 0; round < 20; round += 1) raw.write(many)
    await until(() => countConnections(port) === 0, { what: 'the end of the connection', within })
  })
}

test('HTTP/2: more of a body than the window of its stream lets through ends the request (RFC 9113, 6.9)', async () => {
  await using raw = await rawHttp2(port)
  raw.write(...greeting, never(1), ...times(20, () => [frame(data, 0, 1, Buffer.alloc(16_384))]))
  // The request alone, or the connection with it (RFC 9113, 5.4.2).
  const code = await until(
    () =>
      raw.ending() ??
      raw
        .frames()
        .find(({ type }) => type === reset)
        ?.payload.readUInt32BE(0),
  )
  assert.equal(code, errorCode.flowControl)
})

test('HTTP/2: fields that are small when they come and huge when they are read end the request (CVE-2016-1544)', async () => {
  await using raw = await rawHttp2(port)
  // A field of four thousand bytes that is kept, and three thousand times its index (RFC 7541, 6.2.1 and 6.1).
  const bomb = Buffer.concat([
    Buffer.from([0x40, 1, 120, 0x7f, 0xa1, 0x1e]),
    Buffer.alloc(4000, 'a'),
    Buffer.alloc(3000, 0xbe),
  ])
  raw.write(...greeting, frame(headers, flag.whole, 1, Buffer.concat([block(...get), bomb])))
  await until(() => raw.isClosed() || raw.frames().some(({ type, stream }) => type === reset && stream === 1))
})

test('HTTP/2: a client that takes nothing of its answers is not read from either, whatever it sends (CVE-2019-9511, 9517)', async () => {
  await using raw = await rawHttp2(port)
  const echo = (stream: number): readonly Buffer[] => [
    frame(headers, flag.endHeaders, stream, block(...postTo('/echo'))),
    ...Array.from({ length: 3 }, () => frame(data, 0, stream, Buffer.alloc(16_384))),
  ]
  raw.write(preface, frame(settings, 0, 0, setting(4, 0)), ...times(100, echo))
  // It is let have a byte at a time, and thousands of words about it.
  for (let round = 0; round < 3000; round += 1) raw.write(frame(window, 0, 1, four(1)))
  // Newer versions of nghttp2 lose patience.
  await raw.isAlive()
  await using other = await http2Client(port)
  assert.equal((await other.request('/')).status, 200)
})

test('after all of that, the same worker serves, is not much larger, and has logged no error', async () => {
  await using client = await http2Client(port)
  assert.equal((await client.request('/')).status, 200)
  assert.doesNotMatch(server.worker.log(), /"level":"(?:error|critical)"/)
  assert.ok(residentMegabytes() - usual < 100, `${residentMegabytes()} MB, before ${usual}`)
})
