import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { askMaster } from '../../src/cli/ctl/ask-master.ts'
import type { StatusView } from '../../src/contract/control.ts'
import { startLoad } from '../helpers/load.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** Writes a line each time it is loaded, and goes on when `allowed` tells a number as high as that of the line. */
const application = `import { appendFileSync, readFileSync } from 'node:fs'
const read = (name) => readFileSync(new URL(name, import.meta.url), 'utf8')
appendFileSync(new URL('loads', import.meta.url), process.pid + '\\n')
const turn = read('loads').split('\\n').indexOf(String(process.pid)) + 1
while (Number(read('allowed')) < turn) await new Promise((resolve) => setTimeout(resolve, 10))
export default (request, response) => response.end('served')`

test('--reload-batch replaces so many workers at a time, and the old ones serve until then', async () => {
  await using dir = await tempDir()
  const app = await dir.write('app.mjs', application)
  const control = dir.join('control.sock')
  // Five workers, and the one that tries the application for the reload.
  await dir.write('allowed', '6')
  const flags = ['-w', '5', '--reload-batch', '2', '--drain-idle', '5', '--control-socket', control]
  await using server = await startServer({ app, flags })
  await using load = startLoad({ target: server.target, connections: 2 })
  const loads = (): number => readFileSync(dir.join('loads'), 'utf8').trim().split('\n').length
  const old = server.workers()
  server.signal('SIGHUP')
  for (const { loaded, booting, replaced } of [
    { loaded: 8, booting: 2, replaced: 0 },
    { loaded: 10, booting: 2, replaced: 2 },
    { loaded: 11, booting: 1, replaced: 4 },
  ]) {
    await until(() => loads() === loaded && old.filter((pid) => !server.workers().includes(pid)).length === replaced)
    assert.deepEqual(await countOf(control), { booting, ready: 5 })
    await dir.write('allowed', String(loaded))
  }
  await server.expectLog(/reloaded: 5 workers/)
  await until(() => server.workers().length === 5 && server.workers().every((pid) => !old.includes(pid)))
  assert.deepEqual((await load.stop()).lost, [])
})

async function countOf(control: string): Promise<{ readonly booting: number; readonly ready: number }> {
  const answer = await askMaster(control, { command: 'status' })
  assert.ok(answer.ok)
  const { workers } = answer.view as StatusView
  const count = (state: string): number => workers.filter((worker) => worker.state === state).length
  return { booting: count('booting'), ready: count('ready') }
}
