import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askMaster } from '../../src/cli/ctl/ask-master.ts'
import type { StatusView, WorkerView } from '../../src/contract/control.ts'
import { startLoad } from '../helpers/load.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

test('workers that are due at once are replaced one by one, and there never is one less than was asked for', async () => {
  await using dir = await tempDir()
  const control = dir.join('control.sock')
  const flags = ['-w', '4', '--max-requests', '100', '--drain-idle', '5', '--control-socket', control]
  // A socket each, and the same load on each: they are due together.
  await using server = await startServer({
    app: 'obedient',
    flags: [...flags, '-b', `unix:${dir.join('{slot}.sock')}`],
  })
  const targets = [1, 2, 3, 4].map((slot) => ({ socketPath: dir.join(`${slot}.sock`) }))
  const loads = targets.map((target) => startLoad({ target, connections: 1 }))
  let [fewest, most] = [4, 0]
  const replaced = (): number => server.log.filter((line) => /its successor is ready/.test(line)).length
  await until(
    async () => {
      const workers = await workersOf(control)
      const count = (state: WorkerView['state']): number => workers.filter((worker) => worker.state === state).length
      fewest = Math.min(fewest, count('ready'))
      most = Math.max(most, count('booting'))
      return replaced() >= 5
    },
    { within: 60_000, what: 'five workers to be replaced' },
  )
  for (const load of loads) assert.deepEqual((await load.stop()).lost, [])
  assert.equal(fewest, 4)
  assert.equal(most, 1)
})

for (const [whose, flags] of [
  ['a worker says', []],
  ['the threads of a worker say together', ['--threads', '2']],
] as const) {
  test(`${whose} within a few requests that it is due`, async () => {
    const limit = ['--max-requests', '1000', '--drain-idle', '5']
    await using server = await startServer({ app: 'obedient', flags: [...limit, ...flags] })
    await using load = startLoad({ target: server.target, connections: Math.max(1, flags.length) })
    const dues = (): readonly number[] =>
      server.log.flatMap((line) => /max-requests, after (\d+) requests/.exec(line)?.[1] ?? []).map(Number)
    await until(() => dues().length >= 3, { within: 60_000 })
    assert.deepEqual((await load.stop()).lost, [])
    for (const requests of dues()) assert.ok(requests >= 1000 && requests <= 1100, `after ${requests} requests`)
  })
}

async function workersOf(control: string): Promise<readonly WorkerView[]> {
  const answer = await askMaster(control, { command: 'status' })
  assert.ok(answer.ok)
  return (answer.view as StatusView).workers
}
