import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayReturn } from '../../../src/system/precedence.ts'

const sysNice = 1n << 23n
const nobody = { nice: 0, limit: 0, isRoot: false, isFirstNamespace: true, capabilities: 0n }

test('who has neither the capability nor the limit may not come back', () => {
  assert.equal(mayReturn(nobody), false)
  assert.equal(mayReturn({ ...nobody, capabilities: ~sysNice }), false)
})

test('the limit lets a user come back as far as it reaches', () => {
  assert.equal(mayReturn({ ...nobody, limit: 20 }), true)
  assert.equal(mayReturn({ ...nobody, limit: 20, nice: -1 }), false)
  assert.equal(mayReturn({ ...nobody, limit: 15, nice: 5 }), true)
})

test('the capability counts among the users of the system itself, and in no other namespace', () => {
  assert.equal(mayReturn({ ...nobody, capabilities: sysNice }), true)
  assert.equal(mayReturn({ ...nobody, capabilities: sysNice, isFirstNamespace: false }), false)
})

test('a master that is root without the capability could not bring forward a worker that has become another user', () => {
  assert.equal(mayReturn({ ...nobody, isRoot: true, limit: 20 }), false)
  assert.equal(mayReturn({ ...nobody, isRoot: true, capabilities: sysNice }), true)
})
