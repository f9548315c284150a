import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { test } from 'node:test'
import WebSocket from 'ws'
import { type Answer, keepAliveAgent, request } from '../helpers/http-request.ts'
import { type RawSocket, rawSocket } from '../helpers/raw-socket.ts'
import { get, post, serving } from '../helpers/serving-worker.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const sync = { workerClass: 'sync' }
const pidOf = (answer: Answer): number => (answer.json() as { pid: number }).pid

/** Two workers that both accept already. */
async function twoWorkers() {
  const server = await startServer({ app: 'obedient', flags: ['-w', '2', '-k', 'sync'] })
  const seen = new Set<number>()
  await until(async () => {
    for (const answer of await Promise.all(['/block/20', '/block/20'].map((path) => request(server.target, path))))
      seen.add(pidOf(answer))
    return seen.size === 2
  })
  return server
}

/** Computes until two processes do: one alone would for ever. */
const computes = `import { readdirSync, writeFileSync } from 'node:fs'
export default ({ url }, response) => {
  const folder = new URL('.' + url, import.meta.url)
  writeFileSync(new URL(String(process.pid), folder), '')
  while (readdirSync(folder).length < 2);
  response.end()
}`

test('two computations at the same time are done by two workers, again and again', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', computes)
  await using server = await startServer({ app, flags: ['-w', '2', '-k', 'sync'] })
  for (let round = 0; round < 8; round += 1) {
    mkdirSync(dir.join(`${round}`))
    const both = await Promise.all([1, 2].map(() => request(server.target, `/${round}/`)))
    assert.deepEqual(
      both.map(({ status }) => status),
      [200, 200],
    )
  }
})

test('a free worker takes all that waits at the socket while the other computes', async () => {
  await using server = await twoWorkers()
  let computed = false
  const computing = request(server.target, '/block/4000').then((answer) => {
    computed = true
    return pidOf(answer)
  })
  const others: number[] = []
  for (let count = 0; count < 20; count += 1) others.push(pidOf(await request(server.target, '/')))
  assert.equal(computed, false)
  assert.equal(new Set(others).size, 1)
  assert.notEqual(await computing, others[0])
})

/** Says which of its answers this is, and gives the first one only when it may. */
const counts = `import { existsSync } from 'node:fs'
const leave = new URL('leave', import.meta.url)
let answers = 0
export default (_, response) => {
  while (!existsSync(leave));
  response.end(String(++answers))
}`

test('those who wait at one socket do not keep those at another waiting', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', counts)
  const paths = ['a', 'b', 'c'].map((name) => dir.join(`${name}.sock`))
  const flags = ['-w', '1', '-k', 'sync', ...paths.flatMap((path) => ['-b', `unix:${path}`])]
  await using _ = await startServer({ app, flags })
  const asked = async (socketPath: string) => {
    const socket = await rawSocket({ socketPath })
    socket.write(get('/'))
    return socket
  }
  await asked(paths[0] ?? '')
  const lines = await Promise.all(paths.map((path) => Promise.all(Array.from({ length: 10 }, () => asked(path)))))
  await dir.write('leave', '')
  const turn = async (socket: RawSocket) => Number((await socket.closed()).split('\r\n\r\n')[1])
  const turns = await Promise.all(lines.map((line) => Promise.all(line.map(turn))))
  assert.deepEqual(new Set(turns.flat()), new Set(Array.from({ length: 30 }, (_, index) => index + 2)))
  for (const line of turns) {
    const late = line.sort((one, other) => one - other).filter((answer, index) => answer > 3 * (index + 1) + 1)
    assert.deepEqual(late, [], `one of three is next each time; the answers to one line were ${line}`)
  }
})

test('the application never has two requests at the same time, however they come', async () => {
  await using place = await serving('counts-inside.mjs', sync)
  const { target } = place.listener
  const slow = await Promise.all(Array.from({ length: 10 }, () => rawSocket(target)))
  await request(target, '/')
  const answers = Promise.all(Array.from({ length: 10 }, () => request(target, '/20')))
  for (const socket of slow) socket.write(get('/20') + get('/20'))
  for (const answer of await answers) assert.equal((answer.json() as { most: number }).most, 1)
  for (const socket of slow) {
    const received = await socket.closed()
    assert.equal(received.match(/"most":1\}/g)?.length, 2, received)
    assert.match(received, /Connection: close\r\n/)
  }
})

test('every answer closes its connection, and a client that keeps connections loses nothing by it', async () => {
  await using place = await serving('obedient.mjs', sync)
  using agent = keepAliveAgent()
  for (let count = 0; count < 5; count += 1) {
    const answer = await request(place.listener.target, '/', { agent, method: 'POST', body: 'hello' })
    assert.equal(answer.headers.connection, 'close')
    assert.equal((answer.json() as { bytes: number }).bytes, 5)
  }
})

test('clients that connect and say nothing, or do not read, hold nobody up', async () => {
  await using place = await serving('counts-inside.mjs', sync)
  const { target } = place.listener
  const silent = await Promise.all(Array.from({ length: 20 }, () => rawSocket(target)))
  await using deaf = await rawSocket(target)
  deaf.socket.pause()
  deaf.write(get('/large'))
  assert.equal((await request(target, '/')).status, 200)
  silent[7]?.write(get('/'))
  assert.match((await silent[7]?.closed()) ?? '', /"most":1/)
  deaf.socket.resume()
  assert.ok((await deaf.closed()).length > 32 * 2 ** 20)
  for (const socket of silent) socket.socket.destroy()
})

test('a client that goes away in the middle of its request or while it waits makes room for the next', async () => {
  await using place = await serving('counts-inside.mjs', sync)
  const { target } = place.listener
  const waiting = await rawSocket(target)
  await request(target, '/')
  const inside = await rawSocket(target)
  inside.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf')
  const next = request(target, '/')
  waiting.write(post('/', 'hello'))
  waiting.socket.destroy()
  inside.socket.destroy()
  assert.equal((await next).status, 200)
})

test('a connection whose client has left before it was accepted holds nobody up', async () => {
  await using place = await serving('obedient.mjs', sync)
  const { target } = place.listener
  const busy = request(target, '/block/300')
  for (let count = 0; count < 10; count += 1) (await rawSocket(target)).socket.destroy()
  assert.equal((await busy).status, 200)
  assert.equal((await request(target, '/')).status, 200)
})

test('all that waits at the socket is answered one by one before the worker leaves', async () => {
  await using place = await serving('obedient.mjs', { ...sync, drainIdle: 300 })
  const { target } = place.listener
  await using blocker = await rawSocket(target)
  blocker.write(get('/block/500'))
  const queue = await Promise.all(Array.from({ length: 30 }, () => rawSocket(target)))
  for (const [at, socket] of queue.entries()) socket.write(post('/block/10', 'x'.repeat(at)))
  place.worker.drain(20_000)
  for (const [at, socket] of queue.entries()) assert.match(await socket.closed(), new RegExp(`"bytes":${at},`))
  assert.match(blocker.received(), /200 OK/)
  assert.equal(await place.worker.ended(), 0)
})

test('WebSockets are served beside requests, and are told when the worker leaves', async () => {
  await using place = await serving('websockets.mjs:server', sync)
  const { port } = place.listener.target as { port: number }
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
  const echoed = new Promise((resolve) => socket.once('message', (message) => resolve(String(message))))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.once('open', () => socket.send('hello'))
  assert.equal(await echoed, 'hello')
  assert.equal((await request(place.listener.target, '/')).body, 'not a websocket')
  place.worker.drain(60_000)
  assert.equal(await closed, 1001)
  assert.equal(await place.worker.ended(), 0)
})
