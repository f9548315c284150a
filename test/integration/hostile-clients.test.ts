import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { request, type Target } from '../helpers/http-request.ts'
import { cpuTicks, residentBytes } from '../helpers/process-figures.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'

const megabyte = 1024 * 1024

type Crowd = Disposable & { readonly answers: readonly string[]; readonly broken: () => number }

/** So many clients that each send the same bytes and then nothing more; `reads` tells whether they read. */
function crowd(target: Target, count: number, bytes: string, reads = true): Crowd {
  const answers: string[] = Array.from({ length: count }, () => '')
  const sockets: Socket[] = []
  for (let index = 0; index < count; index += 1) {
    const socket = 'socketPath' in target ? connect(target.socketPath) : connect(target.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('connect', () => bytes !== '' && socket.write(bytes))
    if (reads) {
      socket.on('data', (chunk) => {
        answers[index] += String(chunk)
      })
    }
    sockets.push(socket)
  }
  return {
    answers,
    broken: () => sockets.filter(({ errored }) => errored !== null).length,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

const workerOf = (server: Server): number => server.workers()[0] ?? 0

test('two thousand clients that never finish their heads make room for the others, and get 408', async () => {
  await using server = await startServer({ app: 'bulk', bind: 'tcp' })
  const worker = workerOf(server)
  const before = residentBytes(worker)
  using slow = crowd(server.target, 2000, `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(4000)}`)
  for (let probe = 0; probe < 5; probe += 1) assert.equal((await request(server.target, '/')).status, 200)
  await until(() => slow.answers.filter((answer) => answer.startsWith('HTTP/1.1 408 ')).length >= 1000, {
    within: 30_000,
  })
  assert.equal((await request(server.target, '/')).status, 200)
  assert.ok(residentBytes(worker) - before < 150 * megabyte, `grew by ${residentBytes(worker) - before} bytes`)
  assert.equal(server.log.filter((line) => line.includes('front.full-of-connections')).length, 1)
})

test('where there is room for two thousand slow clients, each is closed in time with 408', async () => {
  const flags = ['--worker-connections', '3000', '--header-timeout', '3', '--keep-alive', '1']
  await using server = await startServer({ app: 'bulk', bind: 'tcp', flags })
  const worker = workerOf(server)
  const before = residentBytes(worker)
  using slow = crowd(server.target, 2000, `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(4000)}`)
  for (let probe = 0; probe < 20; probe += 1) assert.equal((await request(server.target, '/')).status, 200)
  await until(() => slow.answers.every((answer) => answer.startsWith('HTTP/1.1 408 ')), { within: 30_000 })
  assert.ok(residentBytes(worker) - before < 150 * megabyte, `grew by ${residentBytes(worker) - before} bytes`)
})

test('clients that never read hold no memory, and the others are served', async () => {
  // The kernel buffers much more for a connection of TCP, and none of that is the server's.
  await using server = await startServer({ app: 'bulk' })
  const worker = workerOf(server)
  const before = residentBytes(worker)
  using _deaf = crowd(server.target, 300, 'GET /bytes/1000000000 HTTP/1.1\r\nHost: a\r\n\r\n', false)
  for (let probe = 0; probe < 20; probe += 1) assert.equal((await request(server.target, '/')).status, 200)
  assert.ok(residentBytes(worker) - before < 150 * megabyte, `grew by ${residentBytes(worker) - before} bytes`)
})

test('uploads that stop half way hold no memory, the others are served, and in time they get 408', async () => {
  await using server = await startServer({ app: 'bulk', bind: 'tcp', flags: ['--body-timeout', '2'] })
  const worker = workerOf(server)
  const before = residentBytes(worker)
  const half = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(10_000)}`
  using stuck = crowd(server.target, 500, half)
  for (let probe = 0; probe < 20; probe += 1) assert.equal((await request(server.target, '/')).status, 200)
  assert.ok(residentBytes(worker) - before < 150 * megabyte, `grew by ${residentBytes(worker) - before} bytes`)
  await until(() => stuck.answers.every((answer) => answer.startsWith('HTTP/1.1 408 ')))
})

test('a client that asks without end and waits for no answer is read no further', async () => {
  await using server = await startServer({ app: 'bulk' })
  const worker = workerOf(server)
  const before = residentBytes(worker)
  await using flood = await rawSocket(server.target)
  for (let wave = 0; wave < 50; wave += 1) flood.write('GET /never HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(10_000))
  for (let probe = 0; probe < 20; probe += 1) assert.equal((await request(server.target, '/')).status, 200)
  assert.ok(flood.socket.writableLength > 5 * megabyte, 'what was not read waits at the client')
  assert.ok(residentBytes(worker) - before < 150 * megabyte, `grew by ${residentBytes(worker) - before} bytes`)
})

test('a client that asks a thousand times at once gets a thousand answers', async () => {
  await using server = await startServer({ app: 'bulk' })
  await using eager = await rawSocket(server.target)
  eager.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nok'.repeat(1000))
  await until(() => eager.received().match(/HTTP\/1\.1 200/g)?.length === 1000)
})

test('beyond --worker-connections clients wait and are served in turn, and none is turned away', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--worker-connections', '3'] })
  const answers = await Promise.all(Array.from({ length: 30 }, () => request(server.target, '/sleep/50')))
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
})

test('who waits for a full worker is served although the server is told to stop', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--worker-connections', '2'] })
  const answers = Array.from({ length: 12 }, () => request(server.target, '/sleep/100'))
  await until(() => server.log.some((line) => line.includes('front.full-of-connections')))
  server.signal('SIGTERM')
  assert.deepEqual([...new Set((await Promise.all(answers)).map(({ status }) => status))], [200])
  assert.equal((await server.ended).code, 0)
})

const fullOf = (server: Server): number =>
  server.log.filter((line) => line.includes('front.full-of-descriptors') || line.includes('front.cannot-accept')).length

test('when descriptors run out new connections wait, none is dropped, nothing spins, and it is told once', async () => {
  await using server = await startServer({ app: 'bulk', bind: 'tcp', under: ['prlimit', '--nofile=96:96'] })
  const worker = workerOf(server)
  using idle = crowd(server.target, 200, '')
  await until(() => fullOf(server) > 0)
  const [begun, used] = [performance.now(), 10 * cpuTicks(worker)]
  // Who has come and asks for nothing makes room, two seconds later.
  for (let probe = 0; probe < 20; probe += 1) assert.equal((await request(server.target, '/')).status, 200)
  assert.equal(idle.broken(), 0)
  const share = (10 * cpuTicks(worker) - used) / (performance.now() - begun)
  assert.ok(share < 0.5, `${Math.round(share * 100)} % of a processor`)
  assert.deepEqual(server.workers(), [worker])
  assert.equal(fullOf(server), 1)
})

test('when the application has taken the last descriptor nothing spins, and all goes on when it gives them back', async () => {
  await using server = await startServer({ app: 'bulk', under: ['prlimit', '--nofile=128:128'] })
  const worker = workerOf(server)
  await using kept = await rawSocket(server.target)
  kept.write('GET /hog HTTP/1.1\r\nHost: a\r\n\r\n')
  await kept.receive(/EMFILE/)
  await until(() => fullOf(server) > 0)
  const used = 10 * cpuTicks(worker)
  using waiting = crowd(server.target, 20, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const begun = performance.now()
  await until(() => performance.now() - begun > 1000)
  assert.ok(10 * cpuTicks(worker) - used < 500, `${10 * cpuTicks(worker) - used} ms of processor time to do nothing`)
  assert.equal(waiting.broken(), 0)
  kept.write('GET /unhog HTTP/1.1\r\nHost: a\r\n\r\n')
  await until(() => waiting.answers.every((answer) => answer.startsWith('HTTP/1.1 200 ')))
  assert.deepEqual(server.workers(), [worker])
  assert.equal(fullOf(server), 1)
})
