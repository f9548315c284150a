import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { countSockets, cpuTicks } from '../helpers/process-figures.ts'
import { isAlive, spawnGroup } from '../helpers/process-group.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { findApp, launcher } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('a socket file that somebody removed is there again after a reload', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2', '--drain-idle', '0.2'] })
  rmSync(server.socketPath)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded:/)
  assert.equal((await request(server.target, '/')).status, 200)
  assert.equal(statSync(server.socketPath).mode & 0o777, 0o660)
  await server.stop()
  assert.equal(existsSync(server.socketPath), false)
})

test('a path that another process took is left to it: the reload fails and names it, and the rest is served on', async () => {
  await using dir = await tempDir()
  const path = dir.join('s')
  const flags = ['-b', '127.0.0.1:0', '-b', `unix:${path}`, '--drain-idle', '0.2']
  await using server = await startServer({ app: 'obedient', flags })
  rmSync(path)
  const intruder = createServer().listen(path)
  await until(() => intruder.listening)
  server.signal('SIGHUP')
  await server.expectLog(new RegExp(`reload failed.*${path} is in use by .*${process.pid}`))
  assert.equal((await request({ port: server.port }, '/')).status, 200)
  await server.stop()
  assert.ok(existsSync(path), 'what is not ours is not removed')
  intruder.close()
})

test('a killed master leaves no worker, stuck ones included, and the next start works at once', async () => {
  await using dir = await tempDir()
  const flags = ['-w', '2', '-b', `unix:${dir.join('s')}`, '-p', dir.join('pid')]
  const workers: number[] = []
  {
    await using first = await startServer({ app: 'obedient', flags })
    workers.push(...first.workers())
    const stuck = request(first.target, '/block/60000').catch(() => null)
    await until(() => workers.some((pid) => cpuTicks(pid) > 30), { what: 'a worker that spins' })
    first.signal('SIGKILL')
    await first.ended
    // Where nobody reaps orphans they stay as zombies.
    await until(() => workers.every((pid) => !isAlive(pid)))
    await stuck
  }
  await using second = await startServer({ app: 'obedient', flags })
  assert.equal((await request(second.target, '/')).status, 200)
  assert.equal(Number(readFileSync(dir.join('pid'), 'utf8')), second.pid)
})

test('a second server with the same socket or pid file is refused, and takes nothing from the first', async () => {
  await using dir = await tempDir()
  const [path, pidfile] = [dir.join('s'), dir.join('pid')]
  await using first = await startServer({ app: 'obedient', flags: ['-b', `unix:${path}`, '-p', pidfile] })
  for (const flags of [
    ['-b', `unix:${path}`],
    ['-b', `unix:${dir.join('other')}`, '-p', pidfile],
  ]) {
    const { code, stderr } = await spawnCli([findApp('obedient'), ...flags])
    assert.equal(code, 5)
    assert.match(stderr, new RegExp(String(first.pid)))
  }
  assert.equal((await request(first.target, '/')).status, 200)
  assert.equal(Number(readFileSync(pidfile, 'utf8')), first.pid)
})

test('a burst of 2,000 connections on a unix socket is served to the last, while the workers are busy', async () => {
  // A full worker shows out who has sent nothing for two seconds, and on a busy machine these clients may take so long.
  const flags = ['-w', '2', '--backlog', '2048', '--worker-connections', '2048']
  await using server = await startServer({ app: 'obedient', flags })
  const limit = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
  const blocked = [request(server.target, '/block/300'), request(server.target, '/block/300')]
  const burst = Array.from({ length: Math.min(2000, limit) }, () => request(server.target, '/', { timeout: 60_000 }))
  const answers = await Promise.all([...blocked, ...burst])
  assert.ok(answers.every((answer) => answer.status === 200))
})

test('sockets of a supervisor are all served, survive a hand-over whatever bind says, and are never removed', async () => {
  await using dir = await tempDir()
  const [one, two] = [dir.join('1'), dir.join('2')]
  const args = ['-l', one, '-l', two, '--fdname=one:two', process.execPath, launcher, findApp('obedient'), '-w', '2']
  const group = spawnGroup('systemd-socket-activate', args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: dir.path })
  try {
    let log = ''
    group.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    await until(() => [one, two].every((path) => log.includes(`Listening on ${path} `)))
    // The first connection starts the server.
    const pid = ((await request({ socketPath: two }, '/')).json() as { pid: number }).pid
    assert.equal((await request({ socketPath: one }, '/')).status, 200)
    assert.doesNotMatch(readFileSync(`/proc/${pid}/environ`, 'utf8'), /LISTEN_/)
    await until(() => /2 workers serve/.test(log))
    process.kill(group.pid, 'SIGUSR2')
    await until(() => /serves beside us/.test(log))
    process.kill(group.pid, 'SIGTERM')
    // The new master has its stderr, so it is not closed with it.
    await until(() => group.child.exitCode !== null)
    assert.equal(group.child.exitCode, 0)
    for (const socketPath of [one, two, one, two]) assert.equal((await request({ socketPath }, '/')).status, 200)
    assert.doesNotMatch(log, /8000/, 'the default address is not opened beside them')
    assert.ok(existsSync(one) && existsSync(two))
  } finally {
    await group.kill()
  }
})

test('connections that are reset in the middle, a thousand of them, leave nothing behind in the worker', async () => {
  await using server = await startServer({ app: 'obedient', bind: 'tcp' })
  const [worker] = server.workers()
  assert.ok(worker)
  await request(server.target, '/')
  const before = countSockets(worker)
  for (let round = 0; round < 20; round++) {
    const clients = await Promise.all(Array.from({ length: 50 }, () => rawSocket({ port: server.port })))
    for (const [index, client] of clients.entries()) {
      client.write(
        index % 2 === 0
          ? 'GET /sleep/50 HTTP/1.1\r\nHost: a\r\n\r\n'
          : `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n${'x'.repeat(1000)}`,
      )
      client.socket.resetAndDestroy()
    }
  }
  await until(() => countSockets(worker) <= before, { what: 'the connections to be gone' })
  assert.deepEqual(server.workers(), [worker])
  assert.equal((await request(server.target, '/')).status, 200)
})

test('a client that closes its sending half is taken as gone, and concerns nobody else', async () => {
  await using server = await startServer({ app: 'obedient' })
  const [worker] = server.workers()
  await using client = await rawSocket(server.target)
  client.write('GET /sleep/50 HTTP/1.1\r\nHost: a\r\n\r\n')
  client.end()
  assert.equal(await client.closed(), '')
  const answer = (await request(server.target, '/')).json() as { pid: number }
  assert.equal(answer.pid, worker)
})
