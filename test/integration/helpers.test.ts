import assert from 'node:assert/strict'
import test from 'node:test'
import { startLoad } from '../helpers/load.ts'
import { isAlive } from '../helpers/process-group.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** Stands in for tsicorn: one child, one socket, a ready line, and on SIGUSR1 a line of level error. */
const stand = `
  import { spawn } from 'node:child_process'
  import http from 'node:http'
  const address = process.argv.find((argument) => argument.startsWith('unix:'))
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' })
  process.on('SIGUSR1', () => console.error('[now] [1] [ERROR] something broke'))
  process.on('SIGTERM', () => process.exit(child.kill() ? 0 : 1))
  let answers = 0
  const answer = (request, response) => (++answers % 10 === 0 ? request.destroy() : response.end('hello'))
  http.createServer(answer).listen(address.slice(5), () => console.error('[now] [1] [INFO] ready on ' + address + ': 1 workers'))
`

async function writeStand(text = stand) {
  const dir = await tempDir()
  return { program: await dir.write('stand.mjs', text), [Symbol.asyncDispose]: dir[Symbol.asyncDispose] }
}

test('a server and its workers are gone when they leave scope', async () => {
  await using written = await writeStand()
  const pids: number[] = []
  {
    await using server = await startServer({ program: written.program })
    await until(() => server.workers().length === 1)
    pids.push(server.pid, ...server.workers())
    assert.deepEqual(pids.map(isAlive), [true, true])
  }
  assert.deepEqual(pids.map(isAlive), [false, false])
})

test('a line of level error fails the test, unless it was expected', async () => {
  await using written = await writeStand()
  const provoke = async (pattern: RegExp) => {
    await using server = await startServer({ program: written.program })
    server.signal('SIGUSR1')
    await until(() => server.log.some((line) => line.includes('ERROR')))
    await server.expectLog(pattern)
  }
  await provoke(/something broke/)
  await assert.rejects(provoke(/ready/), /did not expect:\n.*something broke/)
})

test('a server that ends before it is ready says so at once, with its log', async () => {
  await using written = await writeStand('console.error("no such thing"); process.exitCode = 4')
  await assert.rejects(startServer({ program: written.program }), /status 4 before it was ready:\nno such thing/)
})

test('load accounts for every request, answered or lost', async () => {
  await using written = await writeStand()
  await using server = await startServer({ program: written.program })
  for (const pace of [{ connections: 2 }, { rate: 200 }]) {
    await using load = startLoad({ target: server.target, method: 'POST', body: 'x', atMost: 100, ...pace })
    await load.progress(50)
    const { sent, answered, statuses, lost } = await load.stop()
    assert.equal(statuses[200], answered)
    assert.equal(lost.length, sent - answered)
    assert.ok(lost.length >= 5, `${lost.length} lost`)
  }
  assert.deepEqual(await server.stop(), { code: 0, signal: null })
})

test('a raw socket says and hears bytes as they are', async () => {
  await using written = await writeStand()
  await using server = await startServer({ program: written.program })
  await using socket = await rawSocket(server.target)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  assert.match(await socket.closed(), /^HTTP\/1\.1 200 OK\r\n.*hello/s)
})

test('a command that makes Node.js warn fails', async () => {
  await using written = await writeStand('process.emitWarning("old ways")')
  await assert.rejects(spawnCli([], { program: written.program }), /made Node.js warn: .*old ways/)
})

test('waiting in vain tells what was waited for and what was seen last', async () => {
  await assert.rejects(
    until(() => false, { within: 20, what: 'rain' }),
    /waited 20 ms for: rain\nlast seen: false/,
  )
})
