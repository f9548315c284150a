import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

type Line = Readonly<Record<string, string | number>>

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1)
const recordsOf = (file: string): readonly Line[] => linesOf(file).map((line) => JSON.parse(line) as Line)

test('every request has a line that says who asked what and what came of it', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  await using server = await startServer({
    app: 'obedient',
    flags: ['--access-logfile', file, '--access-logformat', 'json'],
  })
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const traced = { 'X-Request-Id': 'abc-1', Traceparent: `00-${trace}-00f067aa0ba902b7-01` }
  const headers = { 'X-Forwarded-For': '192.0.2.9', 'X-Forwarded-Proto': 'https', ...traced }
  const answer = await request(server.target, '/a?b=c', { method: 'POST', body: 'hello', headers })
  await until(() => linesOf(file).length === 1)
  const [record] = recordsOf(file)
  assert.equal(record?.['client'], '192.0.2.9')
  assert.equal(record?.['scheme'], 'https')
  assert.equal(record?.['method'], 'POST')
  assert.equal(record?.['path'], '/a')
  assert.equal(record?.['query'], 'b=c')
  assert.equal(record?.['status'], 200)
  assert.equal(record?.['bytes'], answer.bytes.length)
  assert.deepEqual([record?.['requestId'], record?.['traceId']], ['abc-1', trace])
  assert.equal(record?.['outcome'], 'complete')
  assert.equal(record?.['pid'], server.workers()[0])
  assert.ok(Number(record?.['durationMs']) >= Number(record?.['headerMs']))
})

test('bytes are those of the body: streamed, empty, of a HEAD, and of a text that is not ASCII', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const app = await dir.write(
    'app.mjs',
    `export default (request, response) => {
  if (request.url === '/stream') { response.write('one'); response.write(Buffer.from('two')); return response.end('ünf') }
  if (request.url === '/none') return response.writeHead(204).end()
  if (request.url === '/hex') return response.end('c0ffee', 'hex')
  response.end('hello')
}`,
  )
  const flags = ['--access-logfile', file, '--access-logformat', '%(m)s %(U)s %(s)s %(B)s %(b)s']
  await using server = await startServer({ app, flags })
  for (const path of ['/stream', '/none', '/hex', '/']) await request(server.target, path)
  await request(server.target, '/', { method: 'HEAD' })
  await until(() => linesOf(file).length === 5)
  assert.deepEqual(linesOf(file), [
    'GET /stream 200 10 10',
    'GET /none 204 0 -',
    'GET /hex 200 3 3',
    'GET / 200 5 5',
    'HEAD / 200 0 -',
  ])
})

test('a client that leaves before the answer has its line too, with what had been answered by then', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const flags = ['--access-logfile', file, '--access-logformat', '%(U)s %(s)s %(outcome)s']
  const app = await dir.write(
    'app.mjs',
    `export default (request, response) => {
  if (request.url === '/endless') return response.write('begun')
  request.resume().on('end', () => response.end('all of it'))
}`,
  )
  await using server = await startServer({ app, flags })
  await using begun = await rawSocket(server.target)
  begun.write('GET /endless HTTP/1.1\r\nHost: x\r\n\r\n')
  await begun.receive(/200 OK/)
  begun.socket.destroy()
  await until(() => linesOf(file).length === 1)
  await using slow = await rawSocket(server.target)
  slow.write('POST /waits HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf')
  await request(server.target, '/next')
  slow.socket.destroy()
  await until(() => linesOf(file).length === 3)
  assert.deepEqual([...linesOf(file)].sort(), ['/endless 200 aborted', '/next 200 complete', '/waits 400 aborted'])
})

test('pipelined requests have a line each, in order, the unanswered one too', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const flags = ['--access-logfile', file, '--access-logformat', '%(U)s %(s)s %(outcome)s']
  await using server = await startServer({ app: 'obedient', flags })
  await using socket = await rawSocket(server.target)
  socket.write(['/1', '/2', '/sleep/60000'].map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''))
  await until(() => linesOf(file).length === 2)
  socket.socket.destroy()
  await until(() => linesOf(file).length === 3)
  assert.deepEqual(linesOf(file), ['/1 200 complete', '/2 200 complete', '/sleep/60000 499 aborted'])
})

test('a WebSocket has one line, when it ends, with the status of its handshake', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const flags = ['--access-logfile', file, '--access-logformat', '%(U)s %(s)s']
  await using server = await startServer({ app: 'websockets', flags })
  await using socket = await rawSocket(server.target)
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13'
  socket.write(`GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`)
  await socket.receive(/101 Switching/)
  assert.deepEqual(linesOf(file), [])
  socket.socket.destroy()
  await until(() => linesOf(file).length === 1)
  assert.deepEqual(linesOf(file), ['/ws 101'])
})

test('a path and a header cannot write a line of their own', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  await using server = await startServer({ app: 'obedient', flags: ['--access-logfile', file] })
  await using socket = await rawSocket(server.target)
  socket.write('GET /%0aforged HTTP/1.1\r\nHost: x\r\nUser-Agent: a" 200 1 "b\tc\xe9\r\nConnection: close\r\n\r\n')
  await socket.closed()
  await until(() => linesOf(file).length === 1)
  assert.match(
    linesOf(file)[0] ?? '',
    /^- - - \[.+\] "GET \/%0aforged HTTP\/1\.1" 200 \d+ "-" "a\\x22 200 1 \\x22b\\x09c\\x../,
  )
})

test('on standard output the lines are whole although several workers write them', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '3', '--access-logfile', '-'] })
  await using load = startLoad({ target: server.target, connections: 6 })
  await load.progress(600)
  const { answered } = await load.stop()
  const lines = (): readonly string[] => server.log.filter((line) => line.includes('HTTP/1.1"'))
  await until(() => lines().length === answered)
  assert.ok(lines().every((line) => /^- - - \[[^\]]+\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "-"$/.test(line)))
})

test('a request that is refused has its line, and says so', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const flags = ['--access-logfile', file, '--access-logformat', '%(U)s %(s)s %(outcome)s']
  await using server = await startServer({ app: 'obedient', flags })
  const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Ssl': 'off' }
  assert.equal((await request(server.target, '/contradiction', { headers })).status, 400)
  await until(() => linesOf(file).length === 1)
  assert.deepEqual(linesOf(file), ['/contradiction 400 refused'])
})

test('nothing is written anywhere unless it is asked for', async () => {
  await using server = await startServer({ app: 'obedient' })
  await request(server.target, '/unseen')
  await server.stop()
  assert.ok(!server.log.some((line) => line.includes('/unseen')))
})
