import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'

/** How often a process may wake up when it has nothing to do, per second; one look each 20 ms would be 50. */
const most = 30

test('a server with nothing to do hardly wakes up, before its first request and after the last', async () => {
  await using server = await startServer({ app: 'hello', flags: ['--control-socket', 'control.sock'] })
  const pids = [server.pid, ...server.workers()]
  assert.equal(pids.length, 2)
  for (const pid of pids) await assertIsQuiet(pid)
  assert.equal((await request(server.target, '/')).status, 200)
  for (const pid of pids) await assertIsQuiet(pid)
})

/** A busy machine makes it fewer, never more. */
async function assertIsQuiet(pid: number): Promise<void> {
  const [wakes, begun] = [wakeUps(pid), performance.now()]
  await until(() => performance.now() > begun + 2000, { what: 'two seconds to pass' })
  const seconds = (performance.now() - begun) / 1000
  const rate = (wakeUps(pid) - wakes) / seconds
  assert.ok(rate < most, `${pid} woke up ${rate.toFixed(1)} times a second`)
}

/** How often the main thread has waited for something (proc(5)). */
function wakeUps(pid: number): number {
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, 'latin1')
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1])
}
