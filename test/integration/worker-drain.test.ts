import assert from 'node:assert/strict'
import { test } from 'node:test'
import WebSocket from 'ws'
import { request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { beginDrain, get, post, serving } from '../helpers/serving-worker.ts'

test('a request in flight on a kept-alive connection is answered with Connection: close', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/800'))
  await request(place.listener.target, '/')
  place.worker.drain(10_000)
  const answer = await socket.closed()
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  assert.match(answer, /Connection: close\r\n/)
  assert.match(answer, /"bytes":0/)
  assert.equal(await place.worker.ended(), 0)
})

test('an idle kept-alive connection still gets the answer to a POST, and is told to close', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/'))
  await socket.receive(/Connection: keep-alive\r\n.*"bytes":0/s)
  await beginDrain(place)
  assert.equal(socket.isClosed(), false)
  socket.write(post('/', 'hello'))
  assert.match(await socket.closed(), /Connection: close\r\n.*"bytes":5/s)
  assert.equal(await place.worker.ended(), 0)
})

test('a connection that was accepted but has sent nothing yet is served', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  await request(place.listener.target, '/')
  await beginDrain(place)
  socket.write(post('/', 'hello'))
  assert.match(await socket.closed(), /Connection: close\r\n.*"bytes":5/s)
})

test('a request whose head is half sent is served', async () => {
  await using place = await serving('obedient.mjs', { drainIdle: 200 })
  await using socket = await rawSocket(place.listener.target)
  await using idle = await rawSocket(place.listener.target)
  socket.write('POST / HTTP/1.1\r\nHo')
  await request(place.listener.target, '/')
  place.worker.drain(10_000)
  await idle.closed()
  socket.write('st: a\r\nContent-Length: 5\r\n\r\nhello')
  assert.match(await socket.closed(), /Connection: close\r\n.*"bytes":5/s)
})

test('connections that wait to be accepted are served before the worker lets go of the listener', async () => {
  await using place = await serving('blocks-the-loop.mjs', { drainIdle: 300 })
  await using blocker = await rawSocket(place.listener.target)
  blocker.write(get('/700'))
  await blocker.receive(/begin/)
  const waiting = await Promise.all(Array.from({ length: 50 }, () => rawSocket(place.listener.target)))
  place.worker.drain(10_000)
  for (const [at, socket] of waiting.entries()) socket.write(post('/', 'x'.repeat(at)))
  for (const [at, socket] of waiting.entries()) {
    assert.match(await socket.closed(), new RegExp(`Connection: close\\r\\n.*\\D${at} bytes`, 's'))
  }
  assert.match(blocker.received(), /end/)
  assert.equal(await place.worker.ended(), 0)
})

test('every request of a pipeline is answered, and only the last answer says Connection: close', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/500') + post('/', 'one') + post('/sleep/600', 'three'))
  await request(place.listener.target, '/')
  place.worker.drain(10_000)
  const answer = await socket.closed()
  const ends = [...answer.matchAll(/Connection: (\S+)\r\n.*?"bytes":(\d+)/gs)].map(
    ([, end, bytes]) => `${end} ${bytes}`,
  )
  assert.deepEqual(ends, ['keep-alive 0', 'keep-alive 3', 'close 5'])
})

test('a request that is added to a pipeline while the worker drains is answered', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/1000'))
  await request(place.listener.target, '/')
  await beginDrain(place)
  socket.write(post('/', 'late'))
  const answer = await socket.closed()
  assert.match(answer, /keep-alive\r\n.*"bytes":0.*Connection: close\r\n.*"bytes":4/s)
})

test('a slow upload is taken in to its end', async () => {
  await using place = await serving('streams.mjs', { drainIdle: 100 })
  await using socket = await rawSocket(place.listener.target)
  await using idle = await rawSocket(place.listener.target)
  socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
  await request(place.listener.target, '/')
  place.worker.drain(10_000)
  await idle.closed()
  socket.write('6\r\n world\r\n0\r\n\r\n')
  assert.match(await socket.closed(), /Connection: close\r\n.*11 bytes/s)
})

test('a download whose head is already out is finished, and its connection serves what comes next', async () => {
  await using place = await serving('streams.mjs', { drainIdle: 1000 })
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/download/40'))
  await socket.receive(/\r\n0\n/)
  await beginDrain(place)
  await socket.receive(/39\n\r\n0\r\n\r\n/)
  socket.write(post('/', 'hello'))
  const answer = await socket.closed()
  const numbers = [...answer.matchAll(/^(\d+)\n/gm)].map(([, number]) => Number(number))
  assert.deepEqual(
    numbers,
    Array.from({ length: 40 }, (_, at) => at),
  )
  assert.match(answer, /Connection: close\r\n.*5 bytes/s)
})

test('an application cannot keep a connection alive by a header of its own', async () => {
  await using place = await serving('streams.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/'))
  await socket.receive(/0 bytes/)
  await beginDrain(place)
  socket.write(get('/keep-alive'))
  const answer = await socket.closed()
  assert.match(answer, /200 OK\r\nContent-Length: 2\r\n.*Connection: close\r\n\r\nok$/s)
})

test('an answer that comes before the upload is over reaches a client that is still sending', async () => {
  await using place = await serving('streams.mjs', { drainIdle: 100 })
  await using socket = await rawSocket(place.listener.target)
  await using idle = await rawSocket(place.listener.target)
  await request(place.listener.target, '/')
  socket.write('POST /ear')
  place.worker.drain(10_000)
  await idle.closed()
  socket.write(`ly HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n${'x'.repeat(1_000_000)}`)
  socket.write('x'.repeat(3_000_000))
  assert.match(await socket.closed(), /413 .*Connection: close\r\n.*too large/s)
  assert.equal(await place.worker.ended(), 0)
})

test('an idle connection is closed after drainIdle, and the worker leaves long before its time is up', async () => {
  await using place = await serving('obedient.mjs', { drainIdle: 300 })
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/'))
  await socket.receive(/"bytes":0/)
  place.worker.drain(60_000)
  await socket.closed()
  assert.equal(await place.worker.ended(), 0)
})

test('a WebSocket is told once with 1001 that the server goes away, and closes in order', async () => {
  await using place = await serving('websockets.mjs:server')
  const { port } = place.listener.target as { port: number }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
  const echoed = new Promise((resolve) => socket.once('message', (message) => resolve(String(message))))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.once('open', () => socket.send('hello'))
  assert.equal(await echoed, 'hello')
  place.worker.drain(60_000)
  assert.equal(await closed, 1001)
  assert.equal(await place.worker.ended(), 0)
})

test('a WebSocket whose client does not answer the close is cut when the time is up', async () => {
  await using place = await serving('websockets.mjs:server')
  await using socket = await rawSocket(place.listener.target)
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  socket.write(get('/', upgrade))
  await socket.receive(/^HTTP\/1\.1 101 .*\r\n\r\n/s)
  place.worker.drain(500)
  assert.ok((await socket.closed()).endsWith('\r\n\r\n\x88\x02\x03\xe9'))
  assert.equal(await place.worker.ended(), 0)
})
