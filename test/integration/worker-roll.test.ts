import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startLoad } from '../helpers/load.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { type HeldListener, holdListener, startWorker, type TestWorker } from '../helpers/worker-harness.ts'

const app = 'test/apps/obedient.mjs'
const turns = 5

async function serve(listener: HeldListener): Promise<TestWorker> {
  const worker = startWorker({ app, listeners: [listener] })
  await worker.serve()
  return worker
}

/** Replaces one worker after the other: the new one serves before the old one is told to go. */
async function roll(listener: HeldListener, first: TestWorker, whenReplaced: () => Promise<void>): Promise<TestWorker> {
  let worker = first
  for (let turn = 0; turn < turns; turn += 1) {
    const next = await serve(listener)
    worker.drain(10_000)
    assert.equal(await worker.ended(), 0)
    await whenReplaced()
    worker = next
  }
  return worker
}

const loads = [
  { what: 'kept-alive connections', connections: 8 },
  { what: 'a connection for each request', rate: 150, atOnce: 100 },
]

for (const { what, ...load } of loads) {
  for (const place of ['TCP', 'a unix socket']) {
    test(`replacing workers loses no POST on ${what} over ${place}`, async () => {
      await using dir = await tempDir()
      using listener = holdListener(place === 'TCP' ? undefined : dir.join('s.sock'))
      const first = await serve(listener)
      await using traffic = startLoad({
        ...load,
        target: listener.target,
        path: '/sleep/5',
        method: 'POST',
        body: 'hello',
      })
      await using last = await roll(listener, first, () => traffic.progress(20))
      const { sent, answered, lost, statuses } = await traffic.stop()
      assert.deepEqual(lost, [])
      assert.equal(answered, sent)
      assert.deepEqual(Object.keys(statuses), ['200'])
      assert.ok(last.pid > 0)
    })
  }
}
