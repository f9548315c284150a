import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Start } from '../../../../src/worker/start-up.ts'
import { startOf } from '../../../../src/worker/threads/orders.ts'
import { countTogether } from '../../../../src/worker/threads/place.ts'

const order = {
  config: { maxRequests: 100, maxRequestsJitter: 50, maxMemory: 1 },
  listeners: [{ fd: 4 }, { fd: 5 }],
} as unknown as Start

test('each thread has descriptors of its own, the limit of requests that was drawn once, and none of memory', () => {
  const limits = { requests: 130, rssBytes: 1 }
  const [first, third] = [startOf(order, 1, limits), startOf(order, 3, limits)]
  assert.deepEqual(
    [first, third].map(({ listeners }) => listeners.map(({ fd }) => fd)),
    [
      [4, 5],
      [8, 9],
    ],
  )
  assert.deepEqual(third.config, { maxRequests: 130, maxRequestsJitter: 0, maxMemory: null })
  const { config } = startOf(order, 1, { ...limits, requests: Number.POSITIVE_INFINITY })
  assert.equal(config.maxRequests, 0)
})

test('threads count their requests together', () => {
  const requests = new Int32Array(new SharedArrayBuffer(8))
  assert.equal(countTogether({ number: 1, requests }, 3), 3)
  assert.equal(countTogether({ number: 2, requests }, 4), 7)
  assert.equal(countTogether({ number: 1, requests }, 5), 9)
})
