import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf } from '../../../src/http/path-of.ts'

test('a path is told without what may be a secret, and not at any length', () => {
  assert.equal(pathOf('/reset?token=hunter2'), '/reset')
  assert.equal(pathOf('http://user:hunter2@host/a?b'), 'http://host/a')
  assert.equal(pathOf('*'), '*')
  assert.equal(pathOf(undefined), '')
  assert.equal(pathOf(`/${'a'.repeat(5000)}`).length, 201)
})
