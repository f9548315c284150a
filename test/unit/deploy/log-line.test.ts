import assert from 'node:assert/strict'
import test from 'node:test'
import { readableLine } from '../../../src/deploy/log-line.ts'

test('a record of the server is shown as its level and message, with what to do', () => {
  const record = { level: 'critical', time: 'now', pid: 1, event: 'e', fix: 'Build it first.', msg: 'there is no app' }
  assert.equal(readableLine(JSON.stringify(record)), 'critical: there is no app Build it first.')
  assert.equal(readableLine('{"level":"info","msg":"ready","fix":null}'), 'info: ready')
})

test('what the application prints is shown as it is, without colours', () => {
  assert.equal(readableLine('\u001b[31mhello\u001b[39m'), 'hello')
  assert.equal(readableLine('{"answer":42}'), '{"answer":42}')
  assert.equal(readableLine('{ not JSON'), '{ not JSON')
})
