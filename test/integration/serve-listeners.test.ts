import assert from 'node:assert/strict'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const app = findApp('obedient')

test('one server listens on several addresses, and both workers serve each of them', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  await using server = await startServer({
    app: 'obedient',
    flags: ['-w', '2', '-b', `unix:${path}`, '-b', '127.0.0.1:0', '-b', '[::1]:0'],
  })
  const workers = server.workers()
  assert.equal(workers.length, 2)
  for (const target of [{ socketPath: path }, { port: server.port }]) {
    const seen = new Set<number>()
    await until(
      async () => {
        seen.add(pidIn((await request(target, '/')).json()))
        return seen.size === 2
      },
      { what: `answers from both workers on ${JSON.stringify(target)}` },
    )
    assert.deepEqual([...seen].sort(), [...workers].sort())
  }
  assert.ok(server.log.some((line) => /\[::1\]:\d+/.test(line)))
})

test('a unix socket is for its owner and group, and is gone after the stop', async () => {
  await using server = await startServer({ app: 'obedient' })
  assert.equal(statSync(server.socketPath).mode & 0o777, 0o660)
  const { code } = await server.stop()
  assert.equal(code, 0)
  assert.equal(existsSync(server.socketPath), false)
})

test('the umask decides who may connect', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--umask', '077'] })
  assert.equal(statSync(server.socketPath).mode & 0o777, 0o600)
})

test('a socket on which a server answers is refused with status 5, and that server serves on', async () => {
  await using first = await startServer({ app: 'obedient' })
  const second = await spawnCli([app, '-b', `unix:${first.socketPath}`])
  assert.equal(second.code, 5)
  assert.match(second.stderr, new RegExp(`${first.socketPath}.*in use|listens on .*${first.socketPath}`, 's'))
  assert.match(second.stderr, new RegExp(`\\b${first.pid}\\b`), 'the holder is named')
  assert.equal((await request(first.target, '/')).status, 200)
})

test('a port in use is refused with status 5', async () => {
  await using first = await startServer({ app: 'obedient', bind: 'tcp' })
  const second = await spawnCli([app, '-b', `127.0.0.1:${first.port}`])
  assert.equal(second.code, 5)
  assert.match(second.stderr, new RegExp(`127\\.0\\.0\\.1:${first.port}`))
})

test('a socket that a killed server left behind is replaced', async () => {
  await using dir = await tempDir()
  const path = dir.join('app.sock')
  {
    await using first = await startServer({ app: 'obedient', flags: ['-b', `unix:${path}`] })
    first.signal('SIGKILL')
    await first.ended
  }
  assert.ok(existsSync(path))
  await using second = await startServer({ app: 'obedient', flags: ['-b', `unix:${path}`] })
  assert.equal((await request(second.target, '/')).status, 200)
})

test('a file that is no socket is never removed', async () => {
  await using dir = await tempDir()
  const path = dir.join('precious')
  writeFileSync(path, 'content')
  const { code, stderr } = await spawnCli([app, '-b', `unix:${path}`])
  assert.equal(code, 5)
  assert.match(stderr, /precious/)
  assert.equal(statSync(path).size, 7)
})

test('a listener inherited as fd://N is served and left open', async () => {
  const listener = net.createServer().listen(0, '127.0.0.1')
  await until(() => listener.listening)
  const { port } = listener.address() as net.AddressInfo
  const handle = (listener as unknown as { _handle: { fd: number } })._handle
  const { spawn } = await import('node:child_process')
  const { launcher } = await import('../helpers/repository.ts')
  const child = spawn(process.execPath, [launcher, app, '-b', 'fd://3'], {
    stdio: ['ignore', 'ignore', 'pipe', handle.fd],
  })
  try {
    let log = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    await until(() => /1 workers/.test(log))
    // The test process accepts on the socket too; what it takes is not answered, so only the child's answers count.
    listener.close()
    assert.equal((await request({ port }, '/')).status, 200)
  } finally {
    child.kill('SIGTERM')
    await until(() => child.exitCode !== null)
  }
  assert.equal(child.exitCode, 0)
})

test('each worker slot has a socket of its own, and a slot without a worker is served by another', async () => {
  await using dir = await tempDir()
  const pattern = dir.join('{slot}.sock')
  const target = (slot: number) => ({ socketPath: dir.join(`${slot}.sock`) })
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2', '-b', `unix:${pattern}`] })
  const before = [pidIn((await request(target(1), '/')).json()), pidIn((await request(target(2), '/')).json())]
  assert.equal(new Set(before).size, 2)
  for (let count = 0; count < 5; count++) {
    assert.equal(pidIn((await request(target(1), '/')).json()), before[0])
  }
  server.claimLog(/worker\.died|SIGKILL/)
  process.kill(before[0] ?? 0, 'SIGKILL')
  assert.equal((await request(target(1), '/')).status, 200, 'nobody is stranded')
  await until(async () => {
    const after = pidIn((await request(target(1), '/')).json())
    return after !== before[0] && after !== before[1]
  })
  assert.equal(pidIn((await request(target(2), '/')).json()), before[1])
})

test('with reuse-port each worker has a socket on the port, and a dead one strands nobody', async () => {
  const port = await freePort()
  const flags = ['-w', '2', '--reuse-port', '-b', `127.0.0.1:${port}`]
  await using server = await startServer({ app: 'obedient', flags })
  const seen = new Set<number>()
  await until(async () => {
    seen.add(pidIn((await request({ port }, '/')).json()))
    return seen.size === 2
  })
  server.claimLog(/SIGKILL/)
  process.kill(server.workers()[0] ?? 0, 'SIGKILL')
  for (let count = 0; count < 20; count++) assert.equal((await request({ port }, '/')).status, 200)
})

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await until(() => server.listening)
  const { port } = server.address() as net.AddressInfo
  server.close()
  await until(() => !server.listening)
  return port
}

function pidIn(answer: unknown): number {
  return (answer as { pid: number }).pid
}
