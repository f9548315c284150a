import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('recycling by max-requests loses no request, and there are never fewer workers than wanted', async () => {
  const flags = [
    '-w',
    '2',
    '--max-requests',
    '200',
    '--max-requests-jitter',
    '50',
    '--drain-idle',
    '5',
    '--timeout',
    '2',
  ]
  await using server = await startServer({ app: 'obedient', flags })
  const first = server.workers()
  await using gets = startLoad({ target: server.target, connections: 3 })
  await using posts = startLoad({ target: server.target, connections: 3, method: 'POST', body: 'x'.repeat(2000) })
  await using fresh = startLoad({ target: server.target, rate: 40 })
  let fewest = 2
  const replaced = (): number => server.log.filter((line) => /its successor is ready/.test(line)).length
  await until(
    () => {
      fewest = Math.min(fewest, server.workers().length)
      return replaced() >= 6
    },
    { within: 60_000 },
  )
  for (const load of [gets, posts, fresh]) {
    const { lost, statuses } = await load.stop()
    assert.deepEqual(lost, [])
    assert.deepEqual(Object.keys(statuses), ['200'])
  }
  assert.equal(fewest, 2)
  assert.ok(server.workers().every((pid) => !first.includes(pid)))
})

test('a worker that grows past max-memory is replaced, and the log says why', async () => {
  await using dir = await tempDir()
  const app = await dir.write(
    'app.mjs',
    `const kept = []
export default (request, response) => {
  if (request.url === '/grow') kept.push(Buffer.alloc(150 * 2 ** 20, 1))
  response.end(String(process.pid))
}`,
  )
  await using server = await startServer({
    app,
    flags: ['--max-memory', '160m', '--timeout', '10', '--drain-idle', '0.2'],
  })
  const before = (await request(server.target, '/')).body
  await request(server.target, '/grow')
  await server.expectLog(/is to be replaced: max-memory/)
  await until(async () => (await request(server.target, '/')).body !== before)
})

test('the environment file is read anew for each worker', async () => {
  await using dir = await tempDir()
  const file = await dir.write('env', 'SECRET_OF_THE_DAY="one word"\n# a comment\n')
  await using server = await startServer({ app: 'obedient', flags: ['--env-file', file, '--drain-idle', '0.2'] })
  const secret = async () => ((await request(server.target, '/')).json() as { secret: string }).secret
  assert.equal(await secret(), 'one word')
  writeFileSync(file, 'SECRET_OF_THE_DAY=another\n')
  server.signal('SIGHUP')
  await server.expectLog(/reloaded:/)
  await until(async () => (await secret()) === 'another')
})

test('an environment file that is missing stops a start with a message, and a reload without harm', async () => {
  await using dir = await tempDir()
  const file = await dir.write('env', 'A=1\n')
  await using server = await startServer({ app: 'obedient', flags: ['--env-file', file] })
  const { rmSync } = await import('node:fs')
  rmSync(file)
  server.signal('SIGHUP')
  await server.expectLog(/reload failed.*environment file/)
  assert.equal((await request(server.target, '/')).status, 200)
})
