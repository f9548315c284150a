import assert from 'node:assert/strict'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

const failing = `const fail = (name) => () => { throw new Error(name + ' as told') }
export default {
  onStarting: async () => { throw new Error('onStarting as told') },
  whenReady: () => { void Promise.reject(new Error('whenReady as told')) },
  workersChanged: () => { setTimeout(fail('workersChanged'), 1) },
  preSpawn: fail('preSpawn'),
  postSpawn: fail('postSpawn'),
  workerReady: async () => { throw 'workerReady as told' },
  preRequest: fail('preRequest'),
  postRequest: async () => { throw new Error('postRequest as told') },
  workerExit: fail('workerExit'),
  childExit: fail('childExit'),
  onReload: fail('onReload'),
  workerAbort: fail('workerAbort'),
  onExit: fail('onExit'),
}
`

test('a hook that fails, at once or later, is logged with its name, and everything goes on', async () => {
  await using dir = await tempDir()
  const file = await dir.write('tsicorn.config.mjs', failing)
  await using server = await startServer({ app: 'obedient', flags: ['--config', file, '--timeout', '6'] })
  server.claimLog(/as told/)
  server.claimLog(/^\s+at /)
  for (let count = 0; count < 20; count++) assert.equal((await request(server.target, '/')).status, 200)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 1 workers/)
  assert.equal((await request(server.target, '/')).status, 200)
  await request(server.target, '/block/60000').catch(() => null)
  await server.expectLog(/event loop is stuck/)
  assert.equal((await request(server.target, '/')).status, 200)
  await server.stop()
  const names = failing.match(/^ {2}\w+(?=:)/gm)?.map((name) => name.trim()) ?? []
  assert.equal(names.length, 13)
  for (const name of names) {
    const records = server.log.filter((line) => line.includes(`the hook ${name} failed`))
    assert.ok(records.length > 0, `${name} in the log`)
    assert.match(records[0] ?? '', new RegExp(`"hook":"${name}"|${name} as told`))
  }
  const requests = server.log.filter((line) => line.includes('the hook preRequest failed'))
  assert.ok(requests.length < 20, 'what fails with every request is not told each time')
})

test('a JSON config file cannot have hooks, and the complaint says what can', async () => {
  await using dir = await tempDir()
  const file = await dir.write('tsicorn.config.json', JSON.stringify({ app: './a.js', onExit: 'bye()' }))
  const { code, stderr } = await spawnCli(['--config', file])
  assert.equal(code, 2)
  assert.match(
    stderr,
    /onExit: expected a function, which only a \.ts, \.mts, \.js or \.mjs file can hold, got "bye\(\)"/,
  )
})

test('a config file that cannot be evaluated where workers are fails the start with what to do', async () => {
  await using dir = await tempDir()
  const text = `if (process.title.includes('worker')) throw new Error('only for masters')
export default { workerReady() {} }`
  const file = await dir.write('tsicorn.config.mjs', text)
  const { code, stderr } = await spawnCli(['--config', file, '-b', `unix:${dir.join('s')}`, findApp('obedient')])
  assert.equal(code, 3)
  assert.match(stderr, /the hooks cannot be loaded: .*only for masters/)
})

const asRoot = process.getuid?.() === 0 ? {} : { skip: 'needs root' }

test('hooks of workers run as the user of the workers, from a file that only root can read', asRoot, async () => {
  await using dir = await tempDir()
  const text = `export default {
  whenReady: () => console.log('whenReady as', process.geteuid()),
  postSpawn: () => console.log('postSpawn as', process.geteuid()),
}`
  const file = await dir.write('tsicorn.config.mjs', text, 0o600)
  await using server = await startServer({ app: 'obedient', flags: ['--config', file, '--user', 'nobody'] })
  await server.expectLog(/whenReady as 0$/)
  await server.expectLog(/postSpawn as 65534$/)
})
