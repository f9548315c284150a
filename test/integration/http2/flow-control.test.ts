import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorCode, four, frame, frameType, preface, setting } from '../../helpers/http2-frames.ts'
import { type RawHttp2, rawHttp2 } from '../../helpers/raw-http2.ts'
import { until } from '../../helpers/until.ts'
import { asked } from './cases.ts'
import { secureWorker } from './secure-worker.ts'

const { data, goaway, headers, ping, settings, window } = frameType
const windowSize = 4

const server = secureWorker('echo.mjs')

const withWindows = (...sizes: readonly number[]): Buffer =>
  frame(settings, 0, 0, Buffer.concat(sizes.map((size) => setting(windowSize, size))))

/** How many bytes of the answer have come by the time that everything written before has been read. */
async function bytesOf(raw: RawHttp2, stream = 1): Promise<number> {
  await raw.frame(headers, stream)
  assert.ok(await raw.isAlive())
  const parts = raw.frames().filter((seen) => seen.type === data && seen.stream === stream)
  return parts.reduce((sum, { payload }) => sum + payload.length, 0)
}

test('HTTP/2: the server begins with SETTINGS, acknowledges those of the client and answers a PING in its words (RFC 9113, 3.4, 6.5.3, 6.7)', async () => {
  await using raw = await rawHttp2(server.port())
  raw.write(preface, withWindows(65_535), frame(ping, 0, 0, Buffer.from('12345678')))
  const pong = await until(() => raw.frames().find(({ type, flags }) => type === ping && flags === 1))
  assert.equal(pong.payload.toString(), '12345678')
  const [first, ...others] = raw.frames()
  assert.deepEqual([first?.type, first?.flags], [settings, 0])
  assert.equal(
    others.filter(({ type, flags, payload }) => type === settings && flags === 1 && payload.length === 0).length,
    1,
  )
})

test('HTTP/2: the server offers no WebSockets, so that clients open them over HTTP/1.1 (RFC 8441, 3)', async () => {
  await using raw = await rawHttp2(server.port())
  raw.write(preface, withWindows(65_535))
  const { payload } = await raw.frame(settings)
  const ids = Array.from({ length: payload.length / 6 }, (_, at) => payload.readUInt16BE(at * 6))
  assert.ok(ids.includes(3), 'the setting of concurrent streams is among them')
  assert.equal(ids.includes(8), false)
})

test('HTTP/2: an answer is never ahead of the window of its stream (RFC 9113, 6.9.1)', async () => {
  await using raw = await rawHttp2(server.port())
  raw.write(preface, withWindows(1), asked())
  assert.equal(await bytesOf(raw), 1)
  raw.write(frame(window, 0, 1, four(2)))
  await until(async () => (await bytesOf(raw)) === 3)
  raw.write(frame(window, 0, 1, four(100_000)))
  await until(() => raw.frames().some(({ type, flags }) => type === data && (flags & 1) === 1))
})

test('HTTP/2: settings of a window are taken in their order, and for streams that are open (RFC 9113, 6.5.3 and 6.9.2)', async () => {
  await using raw = await rawHttp2(server.port())
  raw.write(preface, withWindows(100, 0), asked())
  assert.equal(await bytesOf(raw), 0)
  raw.write(withWindows(3))
  await until(async () => (await bytesOf(raw)) === 3)
  raw.write(withWindows(2), frame(window, 0, 1, four(1)))
  assert.equal(await bytesOf(raw), 3)
  raw.write(frame(window, 0, 1, four(1)))
  await until(async () => (await bytesOf(raw)) === 4)
})

test('HTTP/2: the client is told which of its streams was the last one that was worked on (RFC 9113, 6.8)', async () => {
  await using raw = await rawHttp2(server.port())
  raw.write(preface, withWindows(65_535), asked(), asked(3))
  await raw.frame(data, 3)
  raw.write(frame(ping, 0, 1, Buffer.alloc(8)))
  const { payload } = await raw.frame(goaway)
  assert.deepEqual([payload.readUInt32BE(0), payload.readUInt32BE(4)], [3, errorCode.protocol])
})
