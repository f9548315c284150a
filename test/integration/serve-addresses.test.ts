import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { findApp } from '../helpers/repository.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('a reload that changes an address opens the new one first; no request to what stays is lost, and the old socket is gone', async () => {
  await using dir = await tempDir()
  const path = (name: string) => dir.join(`${name}.sock`)
  const config = (...names: readonly string[]) =>
    JSON.stringify({ workers: 2, drainIdle: 5, bind: names.map((name) => `unix:${path(name)}`) })
  const file = await dir.write('tsicorn.config.json', config('stays', 'old'))
  await using server = await startServer({ app: 'obedient', bind: 'none', flags: ['--config', file] })
  await using gets = startLoad({ target: { socketPath: path('stays') }, connections: 2 })
  await using posts = startLoad({ target: { socketPath: path('stays') }, connections: 2, method: 'POST', body: 'x' })
  await gets.progress(20)
  assert.equal((await request({ socketPath: path('old') }, '/')).status, 200)
  writeFileSync(file, config('stays', 'new'))
  server.signal('SIGHUP')
  await until(() => existsSync(path('new')))
  await server.expectLog(/reloaded:/)
  assert.equal((await request({ socketPath: path('new') }, '/')).status, 200)
  await until(() => !existsSync(path('old')))
  await gets.progress(20)
  for (const load of [gets, posts]) assert.deepEqual((await load.stop()).lost, [])
})

test('an address that cannot be had leaves the old ones as they were, and nothing new behind', async () => {
  await using dir = await tempDir()
  const taken = await dir.write('taken', 'precious')
  const config = (...paths: readonly string[]) => JSON.stringify({ bind: paths.map((path) => `unix:${path}`) })
  const file = await dir.write('tsicorn.config.json', config(dir.join('old')))
  await using server = await startServer({ app: 'obedient', bind: 'none', flags: ['--config', file] })
  writeFileSync(file, config(dir.join('new'), taken))
  server.signal('SIGHUP')
  await server.expectLog(/reload failed, the old workers serve on: .*a regular file stands there/)
  assert.equal((await request({ socketPath: dir.join('old') }, '/')).status, 200)
  assert.equal(existsSync(dir.join('new')), false)
  assert.equal(readFileSync(taken, 'utf8'), 'precious')
})

test('master and workers are known in ps by their titles, with the name they were given', async () => {
  await using server = await startServer({ app: 'obedient', flags: ['--name', 'shop', '-w', '2'] })
  const title = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0+$/, '')
  assert.equal(title(server.pid), 'tsicorn: master [shop]')
  assert.deepEqual(server.workers().map(title), ['tsicorn: worker [shop]', 'tsicorn: worker [shop]'])
})

test('--check-config starts nothing and says whether the server would start; --print-config tells what auto means', async () => {
  await using dir = await tempDir()
  const place = ['-b', `unix:${dir.join('s')}`, '--check-config']
  const good = await spawnCli([findApp('obedient'), ...place])
  assert.equal(good.code, 0)
  assert.match(good.stdout, /the application loads/)
  assert.equal((await spawnCli([findApp('throws-at-import'), ...place])).code, 4)
  assert.equal(existsSync(dir.join('s')), false)
  const printed = await spawnCli([findApp('obedient'), '-w', 'auto', '--print-config'])
  assert.match(
    printed.stdout,
    /^workers += auto +# from command line: --workers; \d+ on this machine, because of .*(CPU|memory)/m,
  )
})
