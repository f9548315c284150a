import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'

test('with preload the application is loaded once more than there are workers, and before any of them', async () => {
  await using dir = await tempDir()
  const app = await dir.write(
    'app.mjs',
    `import { appendFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(dir.join('loads'))}, process.pid + '\\n')
export default (request, response) => response.end('hello')`,
  )
  const env = { XDG_CACHE_HOME: dir.join('cache') }
  await using server = await startServer({ app, flags: ['-w', '3', '--preload'], env })
  const loads = readFileSync(dir.join('loads'), 'utf8').trim().split('\n').map(Number)
  assert.equal(loads.length, 4)
  assert.ok(!server.workers().includes(loads[0] ?? 0), 'the first one was thrown away')
  await server.expectLog(/the application loads, in/)
  assert.equal((await request(server.target, '/')).body, 'hello')
})

test('an application that cannot be loaded is said once for eight workers, and none is started', async () => {
  await using dir = await tempDir()
  const args = [findApp('throws-at-import'), '--preload', '-w', '8', '-b', `unix:${dir.join('s')}`]
  const { code, stderr } = await spawnCli(args)
  assert.equal(code, 4)
  assert.equal(stderr.match(/this application cannot be loaded/g)?.length, 1, stderr)
  assert.equal(existsSync(dir.join('s')), false)
})

test('one that never becomes ready ends the server with status 3', async () => {
  await using dir = await tempDir()
  const args = [findApp('never-ready'), '--preload', '--boot-timeout', '1', '-b', `unix:${dir.join('s')}`]
  assert.equal((await spawnCli(args)).code, 3)
})

const hasCache = 'enableCompileCache' in (await import('node:module')).default

test('the compile cache is a folder of the user alone, and a folder that others may write to is not used', async (t) => {
  if (!hasCache) return t.skip(`Node ${process.version} has no compile cache; 22.8 is the first that does`)
  await using dir = await tempDir()
  const { chmodSync, mkdirSync, readdirSync } = await import('node:fs')
  const env = { XDG_CACHE_HOME: dir.join('cache') }
  const flags = ['--preload', '--log-level', 'debug']
  {
    await using server = await startServer({ app: 'express-app', flags, env })
    await server.expectLog(/compiled code is kept in .*cache\/tsicorn/)
    assert.equal(statSync(dir.join('cache/tsicorn')).mode & 0o777, 0o700)
    assert.ok(readdirSync(dir.join('cache/tsicorn')).length > 0)
  }
  mkdirSync(dir.join('open/tsicorn'), { recursive: true })
  chmodSync(dir.join('open/tsicorn'), 0o777)
  await using server = await startServer({ app: 'express-app', flags, env: { XDG_CACHE_HOME: dir.join('open') } })
  await server.expectLog(/compiled code is kept in/)
  assert.deepEqual(readdirSync(dir.join('open/tsicorn')), [])
})
