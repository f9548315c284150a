import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { isAlive } from '../helpers/process-group.ts'
import { rawSocket } from '../helpers/raw-socket.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

type Record = { readonly [field: string]: unknown; readonly msg: string }

test('a stuck worker leaves one record: where, with which requests and since when, its pid, and no secret', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--timeout', '6'] })
  const [victim] = server.workers()
  await request(server.target, '/block/60000/?token=hunter2').catch(() => null)
  const record = JSON.parse(await server.expectLog(/"event":"worker\.hung"/)) as Record
  assert.equal(record['workerPid'], victim)
  // Innermost may be a function of Node that the loop calls.
  assert.match(String(record['stack']), /^\w+ .*obedient\.mjs:\d+:\d+/m)
  assert.match(String(record['requests']), /^GET \/block\/60000\/ \(\d+\.\d s, id \w+\)$/)
  assert.match(record.msg, /stuck in \w+ .*obedient\.mjs:\d+:\d+ while serving GET \/block\/60000\/ \(\d/)
  assert.equal((await request(server.target, '/')).status, 200)
  assert.equal(server.log.filter((line) => line.includes('worker.hung')).length, 1)
  assert.doesNotMatch(server.log.join('\n'), /hunter2/)
})

test('a master killed with SIGKILL leaves no worker behind, a stuck one neither, and the next start works at once', async () => {
  await using dir = await tempDir()
  const flags = ['-b', `unix:${dir.join('s')}`, '-p', dir.join('pid'), '-w', '2']
  await using server = await startServer({ app: 'blocks-the-loop', flags })
  const workers = server.workers()
  await using stuck = await rawSocket(server.target)
  stuck.write('GET /60000 HTTP/1.1\r\nHost: a\r\n\r\n')
  await stuck.receive(/begin/)
  process.kill(server.pid, 'SIGKILL')
  await using next = await startServer({ app: 'obedient', flags })
  assert.equal((await request(next.target, '/')).status, 200)
  await until(() => workers.every((pid) => !isAlive(pid)))
})

for (const [path, words] of [
  ['/throw', /nobody caught Error: thrown as told/],
  ['/reject', /nobody handled a promise rejected with Error: rejected as told/],
  ['/exit/0', /ended by itself with status 0 \(process\.exit in the application\?\)/],
] as const) {
  test(`a worker that ends by ${path} is told apart from the others in the log`, async () => {
    await using server = await startServer({ app: 'obedient' })
    server.claimLog(/worker/)
    server.claimLog(/^\s+at /)
    void request(server.target, path).catch(() => null)
    await server.expectLog(words)
  })
}

for (const [signal, words] of [
  ['SIGKILL', /was killed by SIGKILL \(by hand/],
  ['SIGSEGV', /crashed with a segmentation fault/],
] as const) {
  test(`a worker that is ended by ${signal} is told apart from the others in the log`, async () => {
    await using server = await startServer({ app: 'obedient' })
    process.kill(server.workers()[0] ?? 0, signal)
    await server.expectLog(words)
  })
}

const memory = '/sys/fs/cgroup/memory'

test('a worker that the kernel kills for want of memory is told so in the log', async (context) => {
  const group = makeGroup(`${memory}/tsicorn-test-${process.pid}`, 200 * 1024 * 1024)
  if (group === null) return context.skip('needs a memory cgroup of version 1 that may be written')
  try {
    await using server = await startServer({ app: 'obedient' })
    server.claimLog(/worker/)
    for (const pid of [server.pid, ...server.workers()]) writeFileSync(`${group}/cgroup.procs`, String(pid))
    await request(server.target, '/hog/400').catch(() => null)
    await server.expectLog(/was killed by the kernel because memory ran out/)
    assert.equal((await request(server.target, '/')).status, 200)
    await server.stop()
  } finally {
    rmdirSync(group)
  }
})

test('two workers that the kernel kills at once are both told to have ended for want of memory', async (context) => {
  await using dir = await tempDir()
  const group = makeGroup(`${memory}/tsicorn-test-two-${process.pid}`, 200 * 1024 * 1024)
  if (group === null) return context.skip('needs a memory cgroup of version 1 that may be written')
  try {
    await using server = await startServer({
      app: 'obedient',
      flags: ['-w', '2', '-b', `unix:${dir.join('{slot}.sock')}`],
    })
    server.claimLog(/worker/)
    const victims = server.workers()
    for (const pid of [server.pid, ...victims]) writeFileSync(`${group}/cgroup.procs`, String(pid))
    // What happens while the master is stopped is heard at once when it goes on.
    server.signal('SIGSTOP')
    for (const slot of [1, 2]) {
      void request({ socketPath: dir.join(`${slot}.sock`) }, '/hog/400').catch(() => null)
    }
    await until(() => victims.every((pid) => !isAlive(pid)))
    server.signal('SIGCONT')
    const told = () => server.log.filter((line) => /killed by the kernel because memory ran out/.test(line))
    await until(() => told().length === 2)
    await server.stop()
  } finally {
    rmdirSync(group)
  }
})

test('of a worker that the kernel kills in a cgroup of its own nobody claims to know who did it', async (context) => {
  const group = makeGroup(`${memory}/tsicorn-test-own-${process.pid}`, 200 * 1024 * 1024)
  if (group === null) return context.skip('needs a memory cgroup of version 1 that may be written')
  try {
    await using server = await startServer({ app: 'obedient' })
    for (const pid of server.workers()) writeFileSync(`${group}/cgroup.procs`, String(pid))
    await request(server.target, '/hog/400').catch(() => null)
    await server.expectLog(/was killed by SIGKILL \(by hand, or because memory ran out\)/)
    assert.equal((await request(server.target, '/')).status, 200)
  } finally {
    rmdirSync(group)
  }
})

/** A cgroup with so many bytes, or null where there can be none. */
function makeGroup(path: string, bytes: number): string | null {
  if (!existsSync(`${memory}/memory.limit_in_bytes`)) return null
  try {
    mkdirSync(path)
    writeFileSync(`${path}/memory.limit_in_bytes`, String(bytes))
    return path
  } catch {
    return null
  }
}
