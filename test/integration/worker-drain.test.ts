import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import WebSocket from 'ws'
import { keepAliveAgent, request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import {
  type HeldListener,
  holdListener,
  startWorker,
  type TestWorker,
  type WorkerPlan,
} from '../helpers/worker-harness.ts'

type Serving = AsyncDisposable & { readonly listener: HeldListener; readonly worker: TestWorker }

/** A worker that serves, on a TCP listener of its own. */
async function serving(app: string, config: WorkerPlan['config'] = {}): Promise<Serving> {
  const listener = holdListener()
  const worker = startWorker({ app: `test/apps/${app}`, listeners: [listener], config })
  await worker.serve()
  return {
    listener,
    worker,
    [Symbol.asyncDispose]: async () => {
      await worker[Symbol.asyncDispose]()
      listener[Symbol.dispose]()
    },
  }
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** Tells the worker to drain, and waits until it has heard it: it takes no new connections then. */
async function beginDrain({ worker, listener }: Serving, graceMs = 10_000): Promise<void> {
  worker.drain(graceMs)
  // What the worker logs at debug would be another way to know; that nobody accepts any more is what counts.
  await until(async () => !(await accepts(listener)), { what: 'the worker to accept nothing any more' })
}

/** The connections that wait at the listener are seen in /proc/net/tcp, as the receive queue of the listening socket. */
async function accepts({ target }: HeldListener): Promise<boolean> {
  await using socket = await rawSocket(target)
  socket.write(get('/', 'Connection: close\r\n'))
  return until(() => socket.received() !== '' || null, { within: 250 }).then(
    () => true,
    () => false,
  )
}

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
  await using place = await serving('obedient.mjs', { drainIdle: 300 })
  await using blocker = await rawSocket(place.listener.target)
  blocker.write(get('/block/700'))
  await using probe = await rawSocket(place.listener.target)
  assert.equal(probe.isClosed(), false)
  const waiting = Array.from({ length: 50 }, (_, at) =>
    request(place.listener.target, '/', { method: 'POST', body: 'x'.repeat(at) }),
  )
  place.worker.drain(10_000)
  const answers = await Promise.all(waiting)
  assert.deepEqual(
    answers.map(({ json }) => (json() as { bytes: number }).bytes),
    answers.map((_, at) => at),
  )
  await blocker.receive(/200 OK/)
  probe.socket.destroy()
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

test('when the time is up, what is left is cut and told', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/600000'))
  await request(place.listener.target, '/')
  place.worker.drain(300)
  await socket.closed()
  assert.equal(await place.worker.ended(), 0)
  assert.match(place.worker.log(), /1 requests were cut.*GET \/sleep\/600000 \(\d\.\d s\)/)
})

test('a second order to drain can bring the end nearer', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/600000'))
  await request(place.listener.target, '/')
  place.worker.drain(600_000)
  place.worker.drain(0)
  assert.equal(await place.worker.ended(), 0)
})

test('a worker whose master is gone ends by itself', async () => {
  await using place = await serving('obedient.mjs')
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/600000'))
  await request(place.listener.target, '/')
  place.worker.hangUp()
  assert.equal(await place.worker.ended({ within: 3000 }), 0)
})

test('what an application does on TERM is done after the last answer, and decides nothing before', async () => {
  await using dir = await tempDir()
  using listener = holdListener()
  const env = { PORT: '4000', DIARY: dir.join('diary') }
  await using worker = startWorker({ app: 'test/apps/listens-later.cjs', listeners: [listener], env })
  await worker.serve()
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGTTIN'] as const)
    worker.child.kill(signal)
  assert.equal((await request(listener.target, '/')).body, 'later')
  worker.child.kill('SIGTERM')
  assert.deepEqual(await worker.says('leaving'), { type: 'leaving', reason: 'signal' })
  assert.equal(await worker.ended(), 0)
  assert.equal(await readFile(env.DIARY, 'utf8'), 'closed its pools\n')
})

test('after an error that nobody caught, requests in flight are answered and the worker ends with 1', async () => {
  await using place = await serving('obedient.mjs', { gracefulTimeout: 2000 })
  await using socket = await rawSocket(place.listener.target)
  socket.write(get('/sleep/800'))
  await request(place.listener.target, '/')
  using agent = keepAliveAgent()
  const thrown = request(place.listener.target, '/throw', { agent }).catch((error: Error) => error)
  assert.deepEqual(await place.worker.says('leaving'), { type: 'leaving', reason: 'uncaught-error' })
  assert.match(await socket.closed(), /200 OK\r\n.*Connection: close/s)
  assert.equal(await place.worker.ended(), 1)
  assert.ok((await thrown) instanceof Error)
  assert.match(place.worker.log(), /nobody caught Error: thrown as told \(at .*obedient\.mjs:\d+:\d+/)
})

test('a listener that was let go of can be taken again, and nobody who waits at it meanwhile is lost', async () => {
  await using place = await serving('obedient.mjs')
  for (let round = 0; round < 3; round += 1) {
    place.worker.send({ type: 'listen', listeners: [] })
    await until(async () => !(await accepts(place.listener)))
    const waiting = request(place.listener.target, '/', { method: 'POST', body: 'hello' })
    place.worker.send({ type: 'listen', listeners: [0] })
    assert.deepEqual(((await waiting).json() as { bytes: number }).bytes, 5)
  }
})
