import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isClientLeft } from '../../../src/worker/client-left.ts'

const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET' })

test('a rejection because a client broke off its upload is told from an error of the application', () => {
  assert.equal(isClientLeft(aborted, 'unhandledRejection'), true)
  assert.equal(isClientLeft(aborted, 'uncaughtException'), false)
  assert.equal(isClientLeft(new Error('aborted'), 'unhandledRejection'), false)
  assert.equal(isClientLeft(Object.assign(new Error('read'), { code: 'ECONNRESET' }), 'unhandledRejection'), false)
  assert.equal(isClientLeft('aborted', 'unhandledRejection'), false)
})
