import assert from 'node:assert/strict'
import { existsSync, readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeCertificate } from '../helpers/certificate.ts'
import { keepAliveAgent, request, type Target } from '../helpers/http-request.ts'
import { http2Client } from '../helpers/http2-client.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { repository } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { settled, until } from '../helpers/until.ts'

const own = join(repository, 'test', 'apps', 'worker-classes', 'counts-listening.ts')
const path = '/-/status'
const flags = ['--status-path', path]

async function statusOf(target: Target, suffix = '') {
  const { status, body } = await request(target, `${path}${suffix}`)
  return [status, (JSON.parse(body) as { readonly status: string }).status]
}

for (const workerClass of ['async', 'sync', 'threads', own]) {
  test(`the class ${workerClass.split('/').at(-1)} answers the status path itself, and nothing beside it`, async () => {
    await using server = await startServer({
      app: 'hello',
      flags: [...flags, '-k', workerClass, ...(workerClass === 'threads' ? ['--threads', '2'] : [])],
    })
    assert.deepEqual(await statusOf(server.target), [200, 'ready'])
    assert.deepEqual(await statusOf(server.target, '/live'), [200, 'live'])
    const head = await request(server.target, path, { method: 'HEAD' })
    assert.deepEqual([head.status, head.body, head.headers['cache-control']], [200, '', 'no-store'])
    assert.equal((await request(server.target, path, { method: 'POST', body: 'x' })).status, 405)
    const page = await request(server.target, '/')
    assert.equal((await request(server.target, `${path}es`)).body, page.body)
  })
}

test('over HTTP/2 the status is the same', async () => {
  await using dir = await tempDir()
  const { cert, key } = makeCertificate(dir)
  const tls = ['--certfile', cert, '--keyfile', key, '--http-protocols', 'h2,h1']
  await using server = await startServer({ app: 'hello', bind: 'tcp', flags: [...flags, ...tls] })
  await using client = await http2Client(server.port)
  const { status, body } = await client.request(path)
  assert.deepEqual([status, JSON.parse(body)], [200, { status: 'ready' }])
  assert.equal((await client.request(path, { method: 'HEAD' })).status, 200)
  assert.equal((await client.request(`${path}/live`)).status, 200)
})

test('without a status path the application has all of them', async () => {
  await using server = await startServer({ app: 'hello' })
  assert.equal((await request(server.target, path)).body, (await request(server.target, '/')).body)
})

test('told to stop, the server says 503 while it still takes connections, and then ends in order', async () => {
  await using dir = await tempDir()
  await using server = await startServer({
    app: 'hello',
    flags: [...flags, '-w', '2', '--drain-delay', '60', '--drain-idle', '0.1', '--control-socket', dir.join('c')],
  })
  server.signal('SIGTERM')
  await until(async () => (await statusOf(server.target))[0] === 503)
  assert.deepEqual(await statusOf(server.target), [503, 'draining'])
  assert.deepEqual(await statusOf(server.target, '/live'), [200, 'live'])
  assert.equal((await request(server.target, '/')).status, 200)
  assert.ok(existsSync(server.socketPath))
  const { stdout } = await spawnCli(['ctl', 'status', '--control-socket', dir.join('c')])
  assert.match(stdout, /stopping soon/)
  // The second one has enough of waiting.
  assert.equal((await server.stop()).code, 0)
})

test('when the delay is over the sockets are closed, and what was taken on is answered', async () => {
  await using gate = await tempDir()
  const open = gate.join('open')
  await using server = await startServer({
    app: 'gated',
    flags: [...flags, '--drain-delay', '0.5', '--drain-idle', '0.1'],
    env: { OPEN: open },
  })
  server.signal('SIGTERM')
  await until(async () => (await statusOf(server.target))[0] === 503)
  const late = request(server.target, '/wait')
  await until(() => !existsSync(server.socketPath))
  await gate.write('open', '')
  assert.equal((await settled(late)).status, 200)
  assert.equal((await settled(server.ended)).code, 0)
})

test('a connection that was kept hears 503 as soon as the server stops, and 200 when only its worker is replaced', async () => {
  await using gate = await tempDir()
  await using server = await startServer({
    app: 'gated',
    flags: [...flags, '--drain-idle', '20'],
    env: { OPEN: gate.join('open') },
  })
  const get = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
  await using first = await rawSocket(server.target)
  server.signal('SIGHUP')
  const isTold = /^HTTP\/1\.1 200 OK\r\n(?:(?!HTTP).)*Connection: close.*"ready"/ms
  await until(async () => {
    first.write(get)
    await first.receive(/"ready"}\n$/)
    return isTold.test(first.received())
  })
  await using second = await until(async () => {
    const socket = await rawSocket(server.target)
    socket.write(get)
    await socket.receive(/"ready"/)
    // The worker that leaves may still take who comes; it tells them to close.
    if (!isTold.test(socket.received())) return socket
    await socket[Symbol.asyncDispose]()
    return null
  })
  server.signal('SIGTERM')
  let asked = 1
  await until(async () => {
    asked += 1
    second.write(get)
    await second.receive(new RegExp(`(?:"status"[^]*){${asked}}`))
    return /503 Service Unavailable.*"draining"/s.test(second.received())
  })
})

test('status requests have no line in the access log, no place in the metrics, and do not count for max-requests', async () => {
  await using dir = await tempDir()
  const [log, control] = [dir.join('access.log'), dir.join('control')]
  await using server = await startServer({
    app: 'hello',
    flags: [...flags, '--access-logfile', log, '--control-socket', control, '--max-requests', '3'],
  })
  const [worker] = server.workers()
  using agent = keepAliveAgent(1)
  for (let asked = 0; asked < 10; asked += 1) assert.equal((await request(server.target, path, { agent })).status, 200)
  assert.equal((await request(server.target, '/page', { agent })).status, 200)
  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  await until(() => lines().includes('/page'))
  assert.doesNotMatch(lines(), /status/)
  const stats = async () =>
    (JSON.parse((await spawnCli(['ctl', 'stats', '--json', '--control-socket', control])).stdout) as Stats).view
  await until(async () => (await stats()).requests === 1)
  assert.deepEqual(server.workers(), [worker])
})

type Stats = { readonly view: { readonly requests: number } }

test('with --status-checks-health the server is ready when the application says so, and live in any case', async () => {
  await using dir = await tempDir()
  const well = await dir.write('well', '')
  const app = await dir.write(
    'app.mjs',
    `import { existsSync } from 'node:fs'
export default (request, response) => {
  if (request.url === '/health' && !existsSync(${JSON.stringify(well)})) response.statusCode = 500
  response.end('page')
}`,
  )
  const more = ['--health-path', '/health', '--status-checks-health']
  await using server = await startServer({ app, flags: [...flags, ...more] })
  assert.deepEqual(await statusOf(server.target), [200, 'ready'])
  unlinkSync(well)
  await until(async () => (await statusOf(server.target))[1] === 'unhealthy')
  assert.deepEqual(await statusOf(server.target, '/live'), [200, 'live'])
  await dir.write('well', '')
  await until(async () => (await statusOf(server.target))[0] === 200)
})
