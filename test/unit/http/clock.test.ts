import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/http/clock.ts'
import { until } from '../../helpers/until.ts'

/** A clock that goes as long as it may be read, and how often it has ticked. */
function open() {
  const seen = { ticks: 0, mayBeRead: true }
  const clock = createClock(() => {
    seen.ticks += 1
    return seen.mayBeRead
  })
  clock.wind()
  const hasTicked = (times: number) => {
    const goal = seen.ticks + times
    return until(() => seen.ticks >= goal, { what: `${times} ticks` })
  }
  return { clock, seen, hasTicked }
}

test('the clock goes on while it may be read, stops then, and is right again once it is wound up', async () => {
  const [{ clock, seen, hasTicked }, other] = [open(), open()]
  const begun = clock.now
  await hasTicked(3)
  assert.ok(clock.now > begun)
  seen.mayBeRead = false
  await hasTicked(1)
  const [stopped, ticks] = [clock.now, seen.ticks]
  await other.hasTicked(5)
  assert.deepEqual([clock.now, seen.ticks], [stopped, ticks])
  clock.wind()
  assert.ok(clock.now > stopped)
  await hasTicked(1)
  other.seen.mayBeRead = false
})
