import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { makeCertificate } from '../helpers/certificates.ts'
import { request, type Target } from '../helpers/http-request.ts'
import { isAlive } from '../helpers/process-group.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs } from '../stack/needs.ts'

const two = ['--threads', '2', '--drain-idle', '0.2']

/** Keeps one of the threads of a worker busy until the other one has answered. */
async function block(target: Target): Promise<void> {
  void request(target, '/block/600000').catch(() => null)
  await until(async () => (await request(target, '/', { timeout: 500 })).status === 200)
}

test('a master that is killed leaves no worker of threads, those with a thread that stands still included', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['-w', '2', ...two, '--timeout', '0'] })
  const pids = server.workers()
  await block(server.target)
  server.signal('SIGKILL')
  await until(() => pids.every((pid) => !isAlive(pid)), { what: 'the workers to end' })
})

test('a worker of threads that holds too much memory is replaced, and what it was doing is answered', async () => {
  await using dir = await tempDir()
  const app = await dir.write(
    'app.mjs',
    `const kept = []
export default (request, response) => {
  if (request.url === '/grow') kept.push(Buffer.alloc(200 * 2 ** 20, 1))
  setTimeout(() => response.end(String(process.pid)), request.url === '/slow' ? 1500 : 0)
}`,
  )
  await using server = await startServer({ app, flags: [...two, '--max-memory', '250m', '--timeout', '10'] })
  const [before] = server.workers()
  const slow = request(server.target, '/slow')
  await request(server.target, '/grow')
  await server.expectLog(/worker 1 .*memory/)
  assert.equal((await slow).status, 200)
  await until(async () => Number((await request(server.target, '/')).body) !== before)
})

test('TERM to a worker of threads lets all of them finish, and a successor takes its place', async () => {
  await using server = await startServer({ app: 'obedient', flags: two })
  const [before] = server.workers()
  const slow = Promise.all(Array.from({ length: 8 }, () => request(server.target, '/sleep/800')))
  await until(async () => (await request(server.target, '/')).status === 200)
  process.kill(before ?? 0, 'SIGTERM')
  assert.ok((await slow).every(({ status }) => status === 200))
  await until(() => server.workers().length === 1 && server.workers()[0] !== before)
})

test('a rejection that nobody handled in one thread is told once, and the worker is replaced', async () => {
  await using server = await startServer({ app: 'obedient', flags: [...two, '--graceful-timeout', '1'] })
  server.claimLog(/rejected as told|^\s+at /)
  const [before] = server.workers()
  void request(server.target, '/reject').catch(() => null)
  await server.expectLog(/worker 1 leaves: an error that nobody caught/)
  await until(() => server.workers().length === 1 && server.workers()[0] !== before)
  await server.expectLog(/requests were cut.*GET \/reject/)
  for (const once of [/nobody handled a promise rejected with Error: rejected as told/, /requests were cut/]) {
    assert.equal(server.log.filter((line) => once.test(line)).length, 1, String(once))
  }
})

const charactersOf = (lines: readonly string[]) => [lines.length, lines.join('').length]

const goodbye = Array.from({ length: 500 }, (_, index) => `line ${index + 1} of a goodbye ${'x'.repeat(200)}`)

for (const [whose, flags, orderless] of [
  // Where two processes print into one full pipe, the kernel may put a line of one into a line of the other.
  ['each of two workers', ['-w', '2', '--drain-idle', '0.2'], charactersOf],
  ['each of two threads', two, (lines) => lines.toSorted()],
] satisfies [string, string[], (lines: readonly string[]) => unknown][]) {
  test(`${whose} shuts its copy of the application down, and nothing of what it prints last is lost`, async () => {
    await using dir = await tempDir()
    const app = await dir.write(
      'app.mjs',
      `export default (request, response) => response.end()
export const shutdown = () => {
  for (let line = 1; line <= ${goodbye.length}; line += 1) console.log('line ' + line + ' of a goodbye ' + 'x'.repeat(200))
}`,
    )
    await using server = await startServer({ app, flags })
    assert.equal((await server.stop()).code, 0)
    const said = () => server.log.filter((line) => !line.startsWith('{'))
    await until(() => isDeepStrictEqual(orderless(said()), orderless([...goodbye, ...goodbye])))
  })
}

test('threads speak TLS, and a reload gives them the new certificate', { skip: needs('openssl') }, async () => {
  await using dir = await tempDir()
  const { certfile, keyfile } = await makeCertificate(dir, 'tls')
  const flags = [...two, '--certfile', certfile, '--keyfile', keyfile]
  await using server = await startServer({ app: 'obedient', bind: 'tcp', flags })
  const ask = () => request({ port: server.port }, '/', { tls: { rejectUnauthorized: false } })
  assert.equal((await ask()).status, 200)
  await makeCertificate(dir, 'tls')
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 1 worker/)
  assert.equal((await ask()).status, 200)
})

test('a TERM to the whole process group cuts no answer of any thread short', async () => {
  await using server = await startServer({ app: 'obedient', flags: two })
  const slow = Promise.all(Array.from({ length: 8 }, () => request(server.target, '/sleep/800')))
  await until(async () => (await request(server.target, '/')).status === 200)
  for (const pid of [server.pid, ...server.workers()]) process.kill(pid, 'SIGTERM')
  assert.ok((await slow).every(({ status }) => status === 200))
  assert.equal((await server.ended).code, 0)
})
