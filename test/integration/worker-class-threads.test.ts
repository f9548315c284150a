import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import WebSocket from 'ws'
import { type Answer, request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { type Server, type ServerOptions, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const threaded = (threads: number, ...more: readonly string[]): ServerOptions => ({
  app: 'counts-inside',
  flags: ['--threads', String(threads), ...more],
})

const seenIn = (answer: Answer) => answer.json() as { readonly pid: number; readonly thread: number }

/** Asks until so many threads have answered. */
async function threadsOf({ target }: Server, count: number): Promise<ReadonlySet<number>> {
  const threads = new Set<number>()
  await until(async () => {
    for (const answer of await Promise.all(Array.from({ length: 8 }, () => request(target, '/1'))))
      threads.add(seenIn(answer).thread)
    return threads.size >= count
  })
  return threads
}

test('every thread serves, with its own copy of the application, in one process', async () => {
  await using server = await startServer(threaded(3))
  assert.equal((await threadsOf(server, 3)).size, 3)
  assert.equal(server.workers().length, 1)
  assert.equal(seenIn(await request(server.target, '/')).pid, server.workers()[0])
})

test('a thread that computes holds no other up; one that stands still for the timeout is named, and the worker replaced', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--threads', '2', '--timeout', '3'] })
  const [before] = server.workers()
  const stuck = request(server.target, '/block/600000').catch(() => null)
  let served = 0
  for (let count = 0; count < 20; count += 1) {
    await request(server.target, '/', { timeout: 500 }).then(
      () => {
        served += 1
      },
      () => {},
    )
  }
  assert.ok(served > 0)
  const line = await server.expectLog(/event loop is stuck in thread \d: .*block.*obedient\.mjs/)
  assert.match(line, /while serving GET \/block\/600000/)
  assert.equal(await stuck, null)
  await until(() => server.workers().length === 1 && server.workers()[0] !== before)
  assert.equal((await request(server.target, '/')).status, 200)
})

test('after an error that nobody caught in one thread, the worker is replaced and the other thread finishes its requests', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--threads', '2', '--drain-idle', '0.2'] })
  server.claimLog(/thrown as told/)
  server.claimLog(/^\s+at /)
  const inFlight = Promise.all(Array.from({ length: 10 }, () => request(server.target, '/sleep/1000')))
  await until(async () => (await request(server.target, '/')).status === 200)
  void request(server.target, '/throw').catch(() => null)
  await server.expectLog(/worker 1 leaves: an error that nobody caught/)
  for (const { status } of await inFlight) assert.equal(status, 200)
  assert.equal((await request(server.target, '/')).status, 200)
})

for (const status of [0, 7]) {
  test(`a thread that ends by process.exit(${status}) is told, and the worker is replaced`, async () => {
    await using server = await startServer({ app: 'obedient', flags: ['--threads', '2', '--drain-idle', '0.2'] })
    const [before] = server.workers()
    await request(server.target, `/exit/${status}`).catch(() => null)
    await server.expectLog(new RegExp(`thread \\d ended with status ${status} .*process\\.exit`))
    await until(() => server.workers().length === 1 && server.workers()[0] !== before)
    assert.equal((await request(server.target, '/')).status, 200)
  })
}

test('a thread whose heap is full ends alone, and the other finishes its requests', async () => {
  await using dir = await tempDir()
  const source = `import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { threadId } from 'node:worker_threads'
export default async (request, response) => {
  if (request.url === '/fill') for (const kept = []; ; ) kept.push(new Array(1e5).fill({}))
  writeFileSync(new URL('begun-' + threadId, import.meta.url), '')
  while (!existsSync(new URL('go', import.meta.url))) await setTimeout(20)
  response.end('ok')
}`
  const app = await dir.write('app.mjs', source)
  const flags = ['--threads', '2', '--drain-idle', '0.2', '--timeout', '60']
  await using server = await startServer({ app, flags, env: { NODE_OPTIONS: '--max-old-space-size=60' } })
  const [before] = server.workers()
  const others: Promise<unknown>[] = []
  await until(() => {
    others.push(request(server.target, '/'))
    return readdirSync(dir.path).filter((name) => name.startsWith('begun')).length === 2
  })
  const ended = Promise.allSettled(others)
  await request(server.target, '/fill').catch(() => null)
  await server.expectLog(/thread \d ended with status 1 .*memory limit/)
  await dir.write('go', '')
  const answered = (await ended).filter(({ status }) => status === 'fulfilled')
  assert.ok(answered.length > 0)
  await until(() => server.workers().length === 1 && server.workers()[0] !== before)
})

test('an application that cannot be loaded in a thread ends the start as it does in a process', async () => {
  for (const [app, code, words] of [
    ['throws-at-import', 4, /this application cannot be loaded/],
    ['changes-directory', 4, /not supported in workers.*Likely cause: the threads of a worker share/],
    ['exits-at-import', 4, /ended its process with status/],
    ['never-ready', 3, /not ready within 5 s.*still/],
  ] as const) {
    await using dir = await tempDir()
    const flags = ['--threads', '2', '--boot-timeout', '5', '-b', `unix:${dir.join('s')}`]
    const ended = await spawnCli([findApp(app), ...flags])
    assert.equal(ended.code, code, ended.stderr)
    assert.equal(ended.stderr.match(new RegExp(words, 'g'))?.length, 1, ended.stderr)
  }
})

test('the application sees a thread that nobody has told anything, with the working directory and variables of the worker', async () => {
  await using dir = await tempDir()
  const source = `import { isMainThread, workerData } from 'node:worker_threads'
process.chdir(import.meta.dirname)
export default (request, response) => response.end(JSON.stringify({
  isMainThread, told: workerData !== null && workerData !== undefined, cwd: process.cwd(), own: process.env.OWN, umask: process.umask(), argv: process.argv.slice(1),
}))`
  const app = await dir.write('app.mjs', source)
  const flags = ['--threads', '2', '-e', 'OWN=word', '--umask', '027', '--chdir', dir.path]
  await using server = await startServer({ app, flags })
  const seen = (await request(server.target, '/')).json()
  const expected = { isMainThread: false, told: false, cwd: dir.path, own: 'word', umask: 0o027, argv: [app] }
  assert.deepEqual(seen, expected)
})

test('WebSockets in every thread are told that the worker leaves, and its descriptors are let go of', async () => {
  await using server = await startServer({ app: 'websockets:server', flags: ['--threads', '2'], bind: 'tcp' })
  const sockets = Array.from({ length: 6 }, () => new WebSocket(`ws://127.0.0.1:${server.port}/`))
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('open', resolve))))
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)))
  assert.equal((await server.stop()).code, 0)
  for (const code of closed) assert.equal(await code, 1001)
})

test('reloads of workers of threads leave no descriptors behind in the master', async () => {
  await using server = await startServer(threaded(2, '--drain-idle', '0.1'))
  const held = (pid = 0): number => readdirSync(`/proc/${pid}/fd`).length
  await threadsOf(server, 2)
  const before = held(server.pid)
  for (let round = 1; round <= 3; round += 1) {
    server.signal('SIGHUP')
    await until(() => server.log.filter((line) => /reloaded:/.test(line)).length === round)
  }
  await until(() => server.workers().length === 1 && held(server.pid) <= before)
})
