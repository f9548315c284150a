import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const typescript = `import { appendFileSync } from 'node:fs'
import { defineConfig, type HookWorker } from 'tsicorn'
const tell = (...words: unknown[]) => appendFileSync(new URL('told', import.meta.url), words.join(' ') + '\\n')
const where = (pid: number | null) => (pid === process.pid ? process.title.split(' ')[1] : 'elsewhere')
const worker = (name: string) => ({ id, pid }: HookWorker) => tell(where(pid), name, id)
export default defineConfig({
  onStarting: async (server) => {
    await Promise.resolve()
    tell(where(server.pid), 'onStarting', server.name, server.workers.length)
  },
  whenReady: (server) => tell(where(server.pid), 'whenReady', server.listeners.length, server.workers.length),
  onReload: (server) => tell(where(server.pid), 'onReload'),
  preSpawn: (server, { id, pid }) => tell(where(server.pid), 'preSpawn', id, pid),
  postSpawn: worker('postSpawn'),
  workerReady: worker('workerReady'),
  workerExit: worker('workerExit'),
  childExit: (server, { id }, { code, signal }) => tell(where(server.pid), 'childExit', id, code ?? signal),
  workerAbort: (server, { id }, { stack, requests }) => tell(where(server.pid), 'workerAbort', id, stack.join(' '), requests),
  workersChanged: (server, now, before) => tell(where(server.pid), 'workersChanged', before, now),
  preRequest: ({ pid }, { method, url }) => tell(where(pid), 'preRequest', method, url),
  postRequest: ({ pid }, { url }, { statusCode, writableFinished }, milliseconds) =>
    tell(where(pid), 'postRequest', url, statusCode, writableFinished, milliseconds >= 0),
  onExit: (server, status) => tell(where(server.pid), 'onExit', status, server.workers.length),
})
`

/** What hooks have told, line by line. */
function toldIn(dir: TempDir): readonly string[] {
  return existsSync(dir.join('told')) ? readFileSync(dir.join('told'), 'utf8').trimEnd().split('\n') : []
}

/** Reads what hooks tell, piece by piece: each call waits until so much more has been told. */
function listener(dir: TempDir): (lines: number, what: string) => Promise<readonly string[]> {
  let heard = 0
  return async (lines, what) => {
    const words = `${what}, after ${heard} lines of ${toldIn(dir)}`
    await until(() => toldIn(dir).length >= heard + lines || null, { what: words })
    heard += lines
    return toldIn(dir).slice(heard - lines, heard)
  }
}

test('each hook is called in its process and in its turn, from the start to the end', async () => {
  await using dir = await tempDir()
  const told = listener(dir)
  const file = await dir.write('tsicorn.config.ts', typescript)
  await using server = await startServer({ app: 'obedient', flags: ['--config', file] })
  assert.deepEqual(await told(6, 'the start'), [
    'master onStarting obedient.mjs 0',
    'master workersChanged  1',
    'master preSpawn 1 ',
    'worker postSpawn 1',
    'worker workerReady 1',
    'master whenReady 1 1',
  ])
  await request(server.target, '/')
  assert.deepEqual(await told(2, 'a request'), ['worker preRequest GET /', 'worker postRequest / 200 true true'])
  server.signal('SIGTTIN')
  const more = ['master workersChanged 1 2', 'master preSpawn 2 ', 'worker postSpawn 2', 'worker workerReady 2']
  assert.deepEqual(await told(4, 'TTIN'), more)
  server.signal('SIGTTOU')
  const fewer = ['master workersChanged 2 1', 'worker workerExit 2', 'master childExit 2 0']
  assert.deepEqual(await told(3, 'TTOU'), fewer)
  await server.stop()
  const last = ['worker workerExit 1', 'master childExit 1 0', 'master onExit 0 0']
  assert.deepEqual(await told(3, 'the stop'), last)
  assert.equal(toldIn(dir).length, 18, 'and nothing else was told')
})

test('hooks tell of a worker that is killed, of a reload, and of a worker that is stuck', async () => {
  await using dir = await tempDir()
  const told = listener(dir)
  const file = await dir.write('tsicorn.config.ts', typescript)
  await using server = await startServer({ app: 'obedient', flags: ['--config', file, '--timeout', '6'] })
  await told(6, 'the start')
  server.claimLog(/SIGKILL/)
  process.kill(server.workers()[0] ?? 0, 'SIGKILL')
  const killed = ['master childExit 1 SIGKILL', 'master preSpawn 2 ', 'worker postSpawn 2', 'worker workerReady 2']
  assert.deepEqual(await told(4, 'a kill'), killed)
  await until(() => server.workers().length === 1)
  server.signal('SIGHUP')
  const tried = ['worker postSpawn 0', 'master onReload', 'master preSpawn 3 ', 'worker postSpawn 3']
  const rolled = ['worker workerReady 3', 'worker workerExit 2', 'master childExit 2 0']
  assert.deepEqual(await told(7, 'a reload'), [...tried, ...rolled])
  await request(server.target, '/block/60000').catch(() => null)
  await server.expectLog(/event loop is stuck/)
  const hang = await told(6, 'a hang')
  assert.equal(hang[0], 'worker preRequest GET /block/60000')
  assert.match(hang[1] ?? '', /^master workerAbort 3 .*obedient\.mjs:\d+:\d+ .*GET \/block\/60000 \(\d/)
  const after = ['master childExit 3 SIGKILL', 'master preSpawn 4 ', 'worker postSpawn 4', 'worker workerReady 4']
  assert.deepEqual(hang.slice(2).toSorted(), after)
})

for (const workers of ['1', '8']) {
  test(`a start that fails with ${workers} workers still ends with onExit, and leaves no pid file`, async () => {
    await using dir = await tempDir()
    const file = await dir.write('tsicorn.config.ts', typescript)
    const flags = ['--config', file, '-w', workers, '-b', `unix:${dir.join('s')}`, '--pid', dir.join('pid')]
    const { code } = await spawnCli([...flags, findApp('throws-at-import')])
    assert.equal(code, 4)
    const told = toldIn(dir)
    assert.match(told[0] ?? '', /onStarting/)
    assert.equal(told.at(-1), 'master onExit 4 0')
    assert.equal(told.filter((line) => line.includes('childExit')).length, Number(workers))
    assert.equal(existsSync(dir.join('pid')) || existsSync(dir.join('s')), false)
  })
}

test('during a hand-over each master calls its own hooks', async () => {
  await using dir = await tempDir()
  const file = await dir.write('tsicorn.config.ts', typescript)
  await using server = await startServer({ app: 'obedient', flags: ['--config', file] })
  const count = (name: string): number => toldIn(dir).filter((line) => line.includes(name)).length
  server.signal('SIGUSR2')
  await until(() => count('whenReady') === 2)
  assert.equal(count('onStarting'), 2)
  server.signal('SIGTERM')
  await until(() => count('onExit') === 1)
  assert.equal((await request(server.target, '/')).status, 200)
})
