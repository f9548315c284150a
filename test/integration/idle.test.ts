import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { request } from '../helpers/http-request.ts'
import { startServer } from '../helpers/start-server.ts'
import { until } from '../helpers/until.ts'

/** How often a worker may wake up when it has nothing to do, per second; one look each 20 ms would be 50. */
const most = 30

test('a worker with nothing to do hardly wakes up, before its first request and after the last', async () => {
  await using server = await startServer({ app: 'hello', flags: ['--control-socket', 'control.sock'] })
  const [worker = 0] = server.workers()
  await assertIsQuiet(worker)
  assert.equal((await request(server.target, '/')).status, 200)
  await assertIsQuiet(worker)
})

/** However busy the machine is: that makes it wake up less often, never more. */
async function assertIsQuiet(pid: number): Promise<void> {
  const [before, begun, times] = [wakeUps(pid), performance.now(), 40]
  await until(() => wakeUps(pid) >= before + times, { what: `${pid} to wake up ${times} times`, within: 60_000 })
  const rate = (wakeUps(pid) - before) / ((performance.now() - begun) / 1000)
  assert.ok(rate < most, `${pid} woke up ${rate.toFixed(1)} times a second`)
}

/** How often the main thread has waited for something (proc(5)). */
function wakeUps(pid: number): number {
  const status = readFileSync(`/proc/${pid}/task/${pid}/status`, 'latin1')
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1])
}
