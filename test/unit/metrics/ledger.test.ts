import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { durationBounds, type Measurements } from '../../../src/contract/tally.ts'
import { Ledger } from '../../../src/metrics/ledger.ts'

function measured(requests: number): Measurements {
  const buckets = durationBounds.map(() => 0)
  return {
    tally: {
      statuses: { 200: requests },
      ...{ refused: 0, aborted: 0, buckets: [requests, ...buckets], durationMs: requests * 2 },
      ...{ samples: [], sampledOf: 0 },
    },
    vitals: {
      loopUtilisation: 0.5,
      loopDelayMs: { mean: 1, p99: 2, max: 3 },
      ...{ heapUsedBytes: 1, heapTotalBytes: 2, externalBytes: 3 },
      ...{ collections: requests, collectionMs: requests, cpuSeconds: requests },
    },
  }
}

const answered = (ledger: Ledger): number =>
  ledger.totals().reduce((sum, { statuses }) => sum + (statuses['200'] ?? 0), 0)

test('a replacement carries on the count of its predecessor in the same slot', () => {
  const ledger = new Ledger()
  ledger.take(1, 1, measured(10))
  ledger.leave(1)
  ledger.take(3, 1, measured(5))
  ledger.take(2, 2, measured(7))
  const [first, second] = ledger.totals()
  assert.deepEqual([first?.slot, first?.statuses], [1, { 200: 15 }])
  assert.deepEqual([second?.slot, second?.statuses], [2, { 200: 7 }])
  assert.equal(first?.durationMs, 30)
  assert.equal(first?.buckets[0], 15)
})

test('two workers that share a slot during a replacement are added up', () => {
  const ledger = new Ledger()
  ledger.take(1, 1, measured(10))
  ledger.take(2, 1, measured(1))
  assert.equal(answered(ledger), 11)
  assert.deepEqual([...ledger.vitals().keys()], [1, 2])
  ledger.leave(1)
  assert.equal(answered(ledger), 11)
  assert.deepEqual([...ledger.vitals().keys()], [2])
})

test('a worker that never told anything leaves nothing behind', () => {
  const ledger = new Ledger()
  ledger.leave(7)
  assert.deepEqual(ledger.totals(), [])
})

const moves = fc.array(fc.record({ worker: fc.integer({ min: 1, max: 4 }), more: fc.nat(50), leaves: fc.boolean() }), {
  maxLength: 60,
})

test('in whatever order workers count, die and are replaced, no total ever goes back, and none is counted twice', () => {
  fc.assert(
    fc.property(moves, (steps) => {
      const ledger = new Ledger()
      const own = new Map<number, { id: number; count: number }>()
      let [next, all, before] = [1, 0, 0]
      for (const { worker, more, leaves } of steps) {
        const at = own.get(worker) ?? { id: next++, count: 0 }
        own.set(worker, at)
        at.count += more
        all += more
        ledger.take(at.id, worker, measured(at.count))
        if (leaves) {
          ledger.leave(at.id)
          own.delete(worker)
        }
        assert.ok(answered(ledger) >= before)
        before = answered(ledger)
      }
      assert.equal(answered(ledger), all)
    }),
  )
})
