import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeCertificate } from '../../helpers/certificates.ts'
import { errorCode, frame, frameType, preface } from '../../helpers/http2-frames.ts'
import { countConnections } from '../../helpers/process-figures.ts'
import { rawHttp2 } from '../../helpers/raw-http2.ts'
import { serving } from '../../helpers/serving-worker.ts'
import { tempDir } from '../../helpers/temp-dir.ts'
import { until } from '../../helpers/until.ts'
import { asked, begun } from './cases.ts'

const start = Buffer.concat([preface, frame(frameType.settings, 0, 0)])
const goaway = frame(frameType.goaway, 0, 0, Buffer.alloc(8))

/** No type of frame has this number, so that it is read and left (RFC 9113, 4.1). */
const unknownType = 99

const lives: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['half a preface', preface.subarray(0, 10)],
  ['SETTINGS', start],
  ['a request', Buffer.concat([start, asked()])],
  ['half an upload', Buffer.concat([start, begun()])],
  ['half a frame', Buffer.concat([start, asked().subarray(0, 12)])],
  ['half an upload and GOAWAY', Buffer.concat([start, begun(), goaway])],
]

test('a client of HTTP/2 that ends its side, whatever it was at, leaves no connection behind', async () => {
  await using dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  await using unit = await serving('echo.mjs', { certfile, keyfile, httpProtocols: ['h1', 'h2'] })
  const { port } = unit.listener.target as { port: number }
  for (const [what, bytes] of lives) {
    await using half = await rawHttp2(port)
    half.write(bytes)
    await half.frame(frameType.settings)
    half.socket.end()
    await until(() => countConnections(port) === 0, { what: `the end of a client that has sent ${what}` })
  }
})

test('a client of HTTP/2 that has asked and ends its side gets its answer', async () => {
  await using dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  await using unit = await serving('echo.mjs', { certfile, keyfile, httpProtocols: ['h2'] })
  await using raw = await rawHttp2((unit.listener.target as { port: number }).port)
  raw.socket.end(Buffer.concat([start, asked()]))
  await raw.frame(frameType.headers, 1)
  assert.ok((await raw.frame(frameType.data, 1)).payload.length > 0)
})

test('a client of HTTP/2 that goes away before its requests are read leaves no connection behind', async () => {
  await using dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  await using unit = await serving('echo.mjs', { certfile, keyfile, httpProtocols: ['h2'] })
  const { worker, listener } = unit
  const { port } = listener.target as { port: number }
  await using raw = await rawHttp2(port)
  raw.write(start)
  assert.ok(await raw.isAlive())
  worker.child.kill('SIGSTOP')
  // More than is read at once, so that something is left to be read after an answer could not be written.
  const padding = frame(unknownType, 0, 0, Buffer.alloc(1500))
  for (let stream = 1; stream < 180; stream += 2) await raw.taken(asked(stream), padding)
  raw.reset()
  worker.child.kill('SIGCONT')
  await until(() => countConnections(port) === 0, { what: 'the end of the connection' })
})

test('a client of HTTP/2 is told of its error, also while the server is still saying something else', async () => {
  await using dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'site')
  await using unit = await serving('echo.mjs', { certfile, keyfile, httpProtocols: ['h2'] })
  const { worker, listener } = unit
  await using raw = await rawHttp2((listener.target as { port: number }).port)
  raw.write(start)
  assert.ok(await raw.isAlive())
  worker.child.kill('SIGSTOP')
  await raw.taken(frame(frameType.ping, 0, 0, Buffer.alloc(8)))
  await raw.taken(frame(frameType.goaway, 0, 1, Buffer.alloc(8)))
  worker.child.kill('SIGCONT')
  await until(raw.isClosed)
  assert.equal(raw.ending(), errorCode.protocol)
})
