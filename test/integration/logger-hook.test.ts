import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

const writesDown = `import { appendFileSync } from 'node:fs'
export default {
  logLevel: 'debug',
  logger: (record) => appendFileSync(new URL('told', import.meta.url), JSON.stringify({ by: process.pid, ...record }) + '\\n'),
}
`

type Told = Readonly<Record<string, unknown>>

const toldIn = (dir: TempDir): readonly Told[] =>
  (existsSync(dir.join('told')) ? readFileSync(dir.join('told'), 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told)

test('a logger of the config file gets the records of master and workers, each in the process that logs', async () => {
  await using dir = await tempDir()
  const config = await dir.write('tsicorn.config.mjs', writesDown)
  await using server = await startServer({ app: 'obedient', flags: ['--config', config] })
  server.claimLog(/nobody caught|by an error/)
  await request(server.target, '/throw', { timeout: 1000 }).catch(() => null)
  await until(() => toldIn(dir).some(({ event }) => event === 'worker.uncaught-error'))
  await server.stop()
  const told = toldIn(dir)
  const [ready] = told.filter(({ event }) => event === 'master.ready')
  assert.deepEqual([ready?.['by'], ready?.['pid'], ready?.['level']], [server.pid, server.pid, 'info'])
  const [uncaught] = told.filter(({ event }) => event === 'worker.uncaught-error')
  assert.equal(uncaught?.['by'], uncaught?.['pid'])
  assert.deepEqual([uncaught?.['worker'], uncaught?.['level']], [1, 'error'])
})

test('a logger that throws, also later, or returns promises that reject, takes nothing down', async () => {
  await using dir = await tempDir()
  const text = `let calls = 0
export default {
  logger: async (record) => {
    setTimeout(() => { if (process.title.includes('master')) throw new Error('much later') })
    if (calls++ % 2) await null
    throw new Error('no logger')
  },
}
`
  const config = await dir.write('tsicorn.config.mjs', text)
  await using server = await startServer({ app: 'obedient', flags: ['--config', config] })
  await server.expectLog(/the hook logger failed: Error: no logger; the server goes on/)
  await server.expectLog(/the hook logger failed later: Error: much later/)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 1 workers/)
  assert.equal((await request(server.target, '/')).status, 200)
  assert.equal((await server.stop()).code, 0)
})

test('with threads the logger gets the records of each thread, and those of the thread that leads them', async () => {
  await using dir = await tempDir()
  const config = await dir.write('tsicorn.config.mjs', writesDown)
  const flags = ['--config', config, '-k', 'threads', '--threads', '2', '--drain-idle', '0.2']
  await using server = await startServer({ app: 'obedient', flags })
  server.claimLog(/thread \d ended|nobody caught|by an error/)
  const [worker] = server.workers()
  await request(server.target, '/exit/7', { timeout: 1000 }).catch(() => null)
  await until(() => toldIn(dir).some(({ event }) => event === 'worker.thread-ended'))
  const [ended] = toldIn(dir).filter(({ event }) => event === 'worker.thread-ended')
  assert.deepEqual([ended?.['by'], ended?.['pid'], ended?.['level']], [worker, worker, 'error'])
  const uncaught = () => toldIn(dir).find(({ event }) => event === 'worker.uncaught-error')
  await until(async () => {
    await request(server.target, '/throw', { timeout: 500 }).catch(() => null)
    return uncaught()
  })
  assert.ok([1, 2].includes(Number(uncaught()?.['thread'])))
})

test('a logger that fails later in the thread that leads the others costs no more than its worker', async () => {
  await using dir = await tempDir()
  const text = `import { isMainThread } from 'node:worker_threads'
export default {
  logger: ({ event }) => {
    if (event !== 'worker.thread-ended' || !isMainThread) return
    setTimeout(() => { throw new Error('much later') })
  },
}
`
  const config = await dir.write('tsicorn.config.mjs', text)
  const flags = ['--config', config, '-k', 'threads', '--threads', '2', '--drain-idle', '0.2']
  await using server = await startServer({ app: 'obedient', flags })
  server.claimLog(/thread \d ended|much later/)
  await request(server.target, '/exit/7', { timeout: 1000 }).catch(() => null)
  await server.expectLog(/nobody caught Error: much later.*; the threads take no new/)
  await until(async () => (await request(server.target, '/').catch(() => null))?.status === 200)
})

test('a reload takes another logger', async () => {
  await using dir = await tempDir()
  const config = await dir.write('tsicorn.config.mjs', 'export default {}\n')
  await using server = await startServer({ app: 'obedient', flags: ['--config', config] })
  await dir.write('tsicorn.config.mjs', writesDown)
  server.signal('SIGHUP')
  await until(() => toldIn(dir).some(({ event }) => event === 'reload.done'))
})
