import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Beat } from '../../../../src/contract/messages.ts'
import type { Measurements } from '../../../../src/contract/tally.ts'
import { RollCall } from '../../../../src/worker/threads/roll-call.ts'

const measured = (samples: readonly number[], p99: number): Measurements => ({
  tally: {
    ...{ statuses: { 200: 2, 404: 1 }, refused: 1, aborted: 0 },
    ...{ buckets: [2, 1], durationMs: 7, samples, sampledOf: samples.length },
  },
  vitals: {
    ...{ loopUtilisation: p99 / 100, loopDelayMs: { mean: 1, p99, max: p99 }, heapUsedBytes: 10, heapTotalBytes: 20 },
    ...{ externalBytes: 1, collections: 1, collectionMs: 2, cpuSeconds: 3 },
  },
})

const beat = (requests: number, measurements: Measurements | null = null): Beat => ({
  ...{ type: 'beat', requests, inFlight: 1, connections: 2, rssBytes: 1, measurements },
})

/** Two threads that have been expected since the time 0. */
function two(): RollCall {
  const roll = new RollCall()
  roll.expect(1, 0)
  roll.expect(2, 0)
  return roll
}

test('a worker tells when all its threads have told anew, and what they did together', () => {
  const roll = two()
  roll.heard(1, beat(3), 10)
  assert.equal(roll.isComplete, false)
  roll.heard(2, beat(4), 11)
  assert.equal(roll.isComplete, true)
  const { requests, inFlight, connections, rssBytes } = roll.take(99)
  assert.deepEqual([requests, inFlight, connections, rssBytes], [7, 2, 4, 99])
  assert.equal(roll.isComplete, false)
})

test('a thread that is gone keeps nobody waiting; what it did still counts, and it holds nothing any more', () => {
  const roll = two()
  roll.heard(1, beat(3), 10)
  roll.heard(2, beat(4), 11)
  roll.gone(2)
  roll.heard(1, beat(5), 12)
  assert.equal(roll.isComplete, true)
  const { requests, inFlight } = roll.take(0)
  assert.deepEqual([requests, inFlight], [9, 1])
})

test('a silent thread is named once, and again only after it has told something', () => {
  const roll = two()
  roll.heard(1, beat(1), 50)
  assert.deepEqual(roll.silentSince(20), [2])
  assert.deepEqual(roll.silentSince(30), [])
  roll.heard(2, beat(1), 60)
  assert.deepEqual(roll.silentSince(70), [1, 2])
  roll.gone(1)
  assert.deepEqual(roll.silentSince(100), [])
})

test('counts of threads are added up, what each of them feels is the worst or the mean, and samples are told once', () => {
  const roll = two()
  roll.heard(1, beat(1, measured([1, 2], 20)), 1)
  roll.heard(1, beat(1, measured([3], 20)), 2)
  roll.heard(2, beat(1, measured([4], 60)), 2)
  const told = roll.take(0).measurements
  assert.deepEqual(told?.tally.statuses, { 200: 4, 404: 2 })
  assert.deepEqual(told?.tally.buckets, [4, 2])
  assert.deepEqual([told?.tally.refused, told?.tally.durationMs, told?.tally.sampledOf], [2, 14, 4])
  assert.deepEqual(told?.tally.samples, [1, 2, 3, 4])
  assert.deepEqual([told?.vitals.loopUtilisation, told?.vitals.loopDelayMs.p99], [0.4, 60])
  assert.deepEqual([told?.vitals.heapUsedBytes, told?.vitals.collections, told?.vitals.cpuSeconds], [20, 2, 3])
  roll.heard(2, beat(1, measured([], 60)), 3)
  assert.deepEqual(roll.take(0).measurements?.tally.samples, [])
})
