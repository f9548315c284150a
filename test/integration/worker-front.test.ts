import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { promisify } from 'node:util'
import WebSocket from 'ws'
import { request } from '../helpers/http-request.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { holdListener, startWorker } from '../helpers/worker-harness.ts'

type Echo = { readonly rawHeaders: readonly string[]; readonly client: Record<string, unknown> }

test('behind a unix socket an unmodified Express application sees the client and its scheme', async () => {
  await using dir = await tempDir()
  using listener = holdListener(dir.join('s.sock'))
  await using worker = startWorker({ app: 'test/apps/express-app.mjs', listeners: [listener] })
  await worker.serve()
  const headers = { 'X-Forwarded-For': '1.2.3.4, 203.0.113.9', 'X-Forwarded-Proto': 'https' }
  const { json } = await request(listener.target, '/who', { headers })
  assert.deepEqual(json(), { ip: '203.0.113.9', protocol: 'https', secure: true })
})

test('from a peer that is not trusted, forwarding headers reach no application', async () => {
  using listener = holdListener()
  const config = { forwardedAllowIps: ['203.0.113.1'] }
  await using worker = startWorker({ app: 'test/apps/echo.mjs', listeners: [listener], config })
  await worker.serve()
  const headers = {
    'X-Forwarded-For': '1.2.3.4',
    'X-Forwarded-Proto': 'https',
    Forwarded: 'for=1.2.3.4',
    'X-Real-IP': '1.2.3.4',
  }
  const { rawHeaders, client } = (await request(listener.target, '/', { headers })).json() as Echo
  assert.doesNotMatch(rawHeaders.join('\n'), /1\.2\.3\.4|x-forwarded/i)
  assert.equal(client['remoteAddress'], '127.0.0.1')
  assert.equal(client['encrypted'], undefined)
})

const probePath = '/.tsicorn-3f7c9a'

test('the probe tells what the application would see, takes any body, streams, and echoes', async () => {
  using listener = holdListener()
  await using worker = startWorker({ app: 'test/apps/echo.mjs', listeners: [listener], config: { probePath }, slot: 3 })
  await worker.serve()
  const headers = { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Proto': 'https' }
  const view = (await request(listener.target, `${probePath}/view?a=b`, { headers })).json() as Record<string, unknown>
  assert.deepEqual(
    [view['pid'], view['slot'], view['remoteAddress'], view['encrypted'], view['method'], view['url']],
    [worker.pid, 3, '203.0.113.9', true, 'GET', `${probePath}/view?a=b`],
  )
  const sink = await request(listener.target, `${probePath}/sink`, { method: 'POST', body: 'x'.repeat(100_000) })
  assert.deepEqual(sink.json(), { bytes: 100_000 })
  await using events = await rawSocket(listener.target)
  events.write(`GET ${probePath}/events HTTP/1.1\r\nHost: a\r\n\r\n`)
  await events.receive(/text\/event-stream.*data: 1\n\n.*data: 2\n\n/s)
  assert.match((await request(listener.target, `${probePath}/other`)).body, /"url":"\/\.tsicorn-3f7c9a\/other"/)
  assert.match((await request(listener.target, '/')).body, /"url":"\/"/)
})

test('the echo of the probe speaks WebSocket, and leaves other upgrades to the application', async () => {
  using listener = holdListener()
  await using worker = startWorker({ app: 'test/apps/echo.mjs', listeners: [listener], config: { probePath } })
  await worker.serve()
  const { port } = listener.target as { port: number }
  const socket = new WebSocket(`ws://127.0.0.1:${port}${probePath}/echo`)
  const echoed = new Promise((resolve) => socket.once('message', (message) => resolve(String(message))))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.once('open', () => socket.send('hello'))
  assert.equal(await echoed, 'hello')
  socket.close(1000)
  assert.equal(await closed, 1000)
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket' }
  const { status, body } = await request(listener.target, '/elsewhere', { headers })
  assert.equal(status, 200)
  assert.match(body, /"url":"\/elsewhere"/)
})

test('a fetch handler streams both ways, sets several cookies and hears that its client went away', async () => {
  using listener = holdListener()
  await using worker = startWorker({ app: 'test/apps/fetch-handler.mjs', listeners: [listener] })
  await worker.serve()
  const { target } = listener
  const body = 'x'.repeat(1_000_000)
  const echo = await request(target, '/echo', { method: 'POST', body })
  assert.equal(echo.body, body)
  assert.equal(echo.headers['x-method'], 'POST')
  const cookies = await request(target, '/cookies')
  assert.deepEqual([cookies.status, cookies.headers['set-cookie']], [201, ['a=1', 'b=2']])
  assert.equal(cookies.headers['content-length'], '11')
  const events = await rawSocket(target)
  events.write('GET /events HTTP/1.1\r\nHost: a\r\n\r\n')
  await events.receive(/first\n/)
  events.socket.destroy()
  await until(async () => (await request(target, '/aborted')).body === '1')
  assert.equal((await request(target, '/echo', { method: 'HEAD' })).body, '')
  for (const path of ['/throw', '/nothing']) assert.equal((await request(target, path)).status, 500)
  assert.match(worker.log(), /thrown as told/)
  assert.equal((await request(target, '/url', { method: 'TRACE' })).status, 400)
})

test('with a certificate the worker speaks TLS, and drains it as it drains the rest', async () => {
  await using dir = await tempDir()
  const [certfile, keyfile] = [dir.join('cert.pem'), dir.join('key.pem')]
  const openssl = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -keyout ${keyfile} -out ${certfile}`
  await promisify(execFile)('openssl', openssl.split(' '))
  using listener = holdListener()
  const config = { certfile, keyfile, drainIdle: 300 }
  await using worker = startWorker({ app: 'test/apps/echo.mjs', listeners: [listener], config })
  await worker.serve()
  const tls = { ca: readFileSync(certfile), servername: 'localhost', rejectUnauthorized: true }
  const { json } = await request(listener.target, '/', { tls })
  assert.equal((json() as Echo).client['encrypted'], true)
  await using silent = await rawSocket(listener.target)
  worker.drain(30_000)
  await silent.closed()
  assert.equal(await worker.ended(), 0)
})
