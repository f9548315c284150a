import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { findApp, repository } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const classes = join(repository, 'test', 'apps', 'worker-classes')

test('a class of one’s own, in TypeScript, serves and drains without loss as those that come with tsicorn', async () => {
  const flags = ['-w', '2', '-k', join(classes, 'counts-listening.ts'), '--drain-idle', '5']
  await using server = await startServer({ app: 'obedient', flags })
  const answer = await request(server.target, '/')
  assert.equal(answer.headers['x-told'], '1')
  await using load = startLoad({ target: server.target, connections: 3, method: 'POST', body: 'hello' })
  await load.progress(20)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded:/)
  const { lost, statuses } = await load.stop()
  assert.deepEqual(lost, [])
  assert.deepEqual(Object.keys(statuses), ['200'])
})

test('the path of a class is taken from where the config file is', async () => {
  await using dir = await tempDir()
  await dir.write('mine.mjs', `export default { name: 'mine', create: ({ front }) => front() }`)
  const config = { workerClass: './mine.mjs', app: findApp('obedient'), bind: `unix:${dir.join('s')}` }
  const file = await dir.write('tsicorn.config.json', JSON.stringify(config))
  await using server = await startServer({ cwd: dir.path, flags: ['--config', file], bind: 'none' })
  assert.equal((await request(server.target, '/')).status, 200)
})

test('a reload takes a changed class, and one that fails changes nothing', async () => {
  await using dir = await tempDir()
  const serving = (word: string) => `export default { name: 'mine', create: ({ front, server }) => {
  server.prependListener('request', (_request, response) => response.setHeader('x-class', '${word}'))
  return front()
} }`
  const file = await dir.write('mine.mjs', serving('first'))
  await using server = await startServer({ app: 'obedient', flags: ['-k', file, '--drain-idle', '0.2'] })
  const seen = async () => (await request(server.target, '/')).headers['x-class']
  assert.equal(await seen(), 'first')
  await dir.write('mine.mjs', 'export default { name: 1 }')
  server.signal('SIGHUP')
  await server.expectLog(/reload failed, the old workers serve on: .*mine\.mjs cannot be loaded/)
  assert.equal(await seen(), 'first')
  await dir.write('mine.mjs', serving('second'))
  server.signal('SIGHUP')
  await server.expectLog(/reloaded:/)
  await until(async () => (await seen()) === 'second')
})

const broken = [
  ['throws.mjs', /the worker class one that throws cannot begin: Error: this class cannot begin \(at .*throws\.mjs:4/],
  ['forgets.cjs', /expected the functions listenOn, drain, stats, inFlight; without drain, stats, inFlight/],
  ['../echo.mjs', /echo\.mjs cannot be loaded: expected an object with a name and a function create/],
  ['../throws-at-import.mjs', /throws-at-import\.mjs cannot be loaded: Error: this application cannot be loaded/],
  ['nowhere.mjs', /nowhere\.mjs cannot be loaded: .*Likely cause: a file it imports does not exist/],
] as const

for (const [file, words] of broken) {
  test(`the class ${file} ends the start with status 3 and clear words`, async () => {
    await using dir = await tempDir()
    const path = join(classes, file)
    const { code, stderr } = await spawnCli([findApp('obedient'), '-b', `unix:${dir.join('s')}`, '-k', path])
    assert.equal(code, 3, stderr)
    assert.match(stderr, words)
    assert.doesNotMatch(stderr, /^\s+at /m)
  })
}
