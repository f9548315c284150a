import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextLook, whyDue } from '../../../src/worker/life-span.ts'

const limits = { requests: 100, rssBytes: 1000 }

test('a worker is due with its last request, and only beyond its memory', () => {
  assert.equal(whyDue(limits, { requests: 99, rssBytes: 1000 }), null)
  assert.equal(whyDue(limits, { requests: 100, rssBytes: 0 }), 'max-requests')
  assert.equal(whyDue(limits, { requests: 99, rssBytes: 1001 }), 'max-memory')
})

test('the number of requests is looked at ever more often as the limit comes near, so that few are served beyond it', () => {
  for (const perSecond of [1, 100, 1000, 5000]) {
    const perMs = perSecond / 1000
    let done = 0
    while (done < 1000) done += perMs * nextLook(1000 - done, perMs)
    assert.ok(done - 1000 <= 10, `${done} requests at ${perSecond} in a second`)
  }
})

test('a worker at rest, or one that suddenly has much to do, is looked at within 50 ms', () => {
  assert.equal(nextLook(1000, 0), 50)
  assert.equal(nextLook(1_000_000, 0.1), 50)
  assert.equal(nextLook(1, 100), 2)
})
