import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClock } from '../../../src/http/clock.ts'
import { until } from '../../helpers/until.ts'

test('the clock goes on while it may be read, stops then, and is right again once it is wound up', async () => {
  let looks = 0
  let mayBeRead = true
  const clock = createClock(() => {
    looks += 1
    return mayBeRead
  })
  clock.wind()
  const begun = clock.now
  await until(() => clock.now > begun, { what: 'a tick' })
  mayBeRead = false
  const before = looks
  await until(() => looks > before, { what: 'the last tick' })
  const stopped = clock.now
  await until(() => performance.now() > stopped + 500, { what: 'time to pass' })
  assert.deepEqual([clock.now, looks], [stopped, before + 1])
  clock.wind()
  assert.ok(clock.now >= stopped + 500)
  mayBeRead = true
  const woundUp = clock.now
  await until(() => clock.now > woundUp, { what: 'a tick' })
  mayBeRead = false
})
