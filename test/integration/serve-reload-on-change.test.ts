import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { request, type Target } from '../helpers/http-request.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { launcher } from '../helpers/repository.ts'
import { collectLog } from '../helpers/server-log.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const app = (word: string) => `export default (request, response) => response.end(${JSON.stringify(word)})`

async function develop(dir: TempDir, flags: readonly string[] = [], env = {}): Promise<Server> {
  return startServer({ app: dir.join('app.mjs'), cwd: dir.path, flags: ['--reload', ...flags], env })
}
const answers = (target: Target, body: string) =>
  until(async () => (await request(target, '/')).body === body, { what: `the answer ${body}` })
const count = (server: Server, pattern: RegExp) => server.log.filter((line) => pattern.test(line)).length

test('a saved file is served a moment later, however the editor saves it', async () => {
  await using dir = await tempDir()
  await dir.write('app.mjs', app('one'))
  await using server = await develop(dir)
  writeFileSync(dir.join('app.mjs'), app('two'))
  await answers(server.target, 'two')
  await server.expectLog(/app\.mjs changed/)
  writeFileSync(dir.join('.app.mjs.swp'), app('three'))
  renameSync(dir.join('.app.mjs.swp'), dir.join('app.mjs'))
  await answers(server.target, 'three')
  rmSync(dir.join('app.mjs'))
  writeFileSync(dir.join('app.mjs'), app('four'))
  await answers(server.target, 'four')
})

test('modules in new folders are watched, ESM and CommonJS; packages, hidden folders and data are not', async () => {
  await using dir = await tempDir()
  await dir.write('part.cjs', 'module.exports = "one"')
  await dir.write(
    'app.mjs',
    `import { readFileSync } from 'node:fs'
import part from './part.cjs'
const deep = await import('./new/deep/module.mjs').catch(() => ({ default: 'none' }))
export default (request, response) => response.end(part + ' ' + deep.default)`,
  )
  await using server = await develop(dir)
  await answers(server.target, 'one none')
  mkdirSync(dir.join('new/deep'), { recursive: true })
  writeFileSync(dir.join('new/deep/module.mjs'), 'export default "deep"')
  await answers(server.target, 'one deep')
  writeFileSync(dir.join('new/deep/module.mjs'), 'export default "deeper"')
  await answers(server.target, 'one deeper')
  const reloads = count(server, /reloaded:/)
  await dir.write('node_modules/x/index.js', '1')
  await dir.write('.git/x.js', '1')
  await dir.write('data.json', '{}')
  await dir.write('upload.txt', 'x')
  writeFileSync(dir.join('part.cjs'), 'module.exports = "two"')
  await answers(server.target, 'two deeper')
  await until(() => count(server, /reloaded:/) === reloads + 1)
  rmSync(dir.join('new'), { recursive: true })
  await answers(server.target, 'two none')
})

test('a syntax error keeps the last good worker, is said once, and is forgotten when it is mended', async () => {
  await using dir = await tempDir()
  await dir.write('app.mjs', app('good'))
  await using server = await develop(dir, ['-w', '2'])
  writeFileSync(dir.join('app.mjs'), 'export default (request, response => {')
  await server.expectLog(
    /reload failed, the old workers serve on: .*SyntaxError.*\(at \/.*app\.mjs:1:\d+\).*waiting for a change/,
  )
  for (let round = 0; round < 10; round++) assert.equal((await request(server.target, '/')).body, 'good')
  assert.equal(count(server, /SyntaxError/), 1)
  writeFileSync(dir.join('app.mjs'), app('mended'))
  await answers(server.target, 'mended')
})

test('a first start with a syntax error waits; a client that came meanwhile is answered when it is mended', async () => {
  await using dir = await tempDir()
  await dir.write('app.mjs', 'export default (request, response => {')
  const args = [launcher, 'serve', '--reload', '-w', '2', '-b', `unix:${dir.join('s')}`, './app.mjs']
  const group = spawnGroup(process.execPath, args, {
    ...{ cwd: dir.path, env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] },
  })
  const log = collectLog([group.child.stdout, group.child.stderr])
  try {
    await log.expect(/the application cannot start: .*SyntaxError.*waiting for a change/)
    const early = request({ socketPath: dir.join('s') }, '/')
    writeFileSync(dir.join('app.mjs'), 'export default nothing')
    await log.expect(/reload failed: .*nothing is not defined/)
    writeFileSync(dir.join('app.mjs'), app('mended'))
    await log.expect(/ready: 2 of 2 workers serve/)
    assert.equal((await early).body, 'mended')
    assert.equal(log.lines.filter((line) => /SyntaxError/.test(line)).length, 1)
    group.child.kill('SIGTERM')
    assert.deepEqual(await group.ended, { code: 0, signal: null })
  } finally {
    await group.kill()
  }
})

test('extra files and patterns, the config file and the environment file are watched too', async () => {
  await using dir = await tempDir()
  await dir.write('env', 'WORD=one\n')
  await dir.write('views/a/page.html', 'page')
  await dir.write('tsicorn.config.json', '{"reload": true, "reloadExtraFile": ["views/**/*.html"], "envFile": "env"}')
  await dir.write(
    'app.mjs',
    `import { readFileSync } from 'node:fs'
const page = readFileSync(${JSON.stringify(dir.join('views/a/page.html'))}, 'utf8')
export default (request, response) => response.end(page + process.env.WORD + (process.env.MORE ?? ''))`,
  )
  await using server = await startServer({ app: dir.join('app.mjs'), cwd: dir.path })
  await answers(server.target, 'pageone')
  writeFileSync(dir.join('views/a/page.html'), 'view')
  await answers(server.target, 'viewone')
  writeFileSync(dir.join('env'), 'WORD=two\n')
  await answers(server.target, 'viewtwo')
  writeFileSync(
    dir.join('tsicorn.config.json'),
    '{"reload": true, "reloadExtraFile": ["views/**/*.html"], "envFile": "env", "env": "MORE=!"}',
  )
  await answers(server.target, 'viewtwo!')
})

test('in production it warns, and a browser that keeps its connection sees the new code', async () => {
  await using dir = await tempDir()
  await dir.write('app.mjs', app('one'))
  await using server = await develop(dir, ['--graceful-timeout', '30'], { NODE_ENV: 'production' })
  await server.expectLog(/--reload is for development.*NODE_ENV is production/)
  const { keepAliveAgent } = await import('../helpers/http-request.ts')
  using agent = keepAliveAgent()
  assert.equal((await request(server.target, '/', { agent })).body, 'one')
  writeFileSync(dir.join('app.mjs'), app('two'))
  await until(async () => (await request(server.target, '/', { agent })).body === 'two')
  await until(() => server.workers().length === 1)
})
