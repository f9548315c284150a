import assert from 'node:assert/strict'
import test from 'node:test'
import { escapeControl, quote, showValue } from '../../../src/settings/escape.ts'

test('what could move a cursor, hide text or turn it round is written out', () => {
  assert.equal(escapeControl('a\u001b[2Jb\r\n\t\u0000'), 'a\\x1b[2Jb\\r\\n\\t\\x00')
  assert.equal(escapeControl('\u202eabc\u200b\u2028\u{e0041}'), '\\u202eabc\\u200b\\u2028\\u{e0041}')
  assert.equal(escapeControl('\u0085\u009b31m'), '\\x85\\x9b31m')
  assert.equal(escapeControl('\ud800'), '\\ud800')
})

test('ordinary text in any script stays as it is', () => {
  assert.equal(escapeControl('Grüße, 你好, 🙂 "x" \\n'), 'Grüße, 你好, 🙂 "x" \\n')
})

test('a value is shown so that its type can be told', () => {
  const values = ['4', 4, null, undefined, true, 4n, [], ['a', 1], {}, () => 0]
  assert.deepEqual(values.map(showValue), [
    ...['"4"', '4', 'null', 'undefined', 'true', '4n'],
    ...['an empty list', 'a list, "a", 1', 'an object', 'a function'],
  ])
})

test('a long text is cut, and its length told', () => {
  assert.equal(quote('x'.repeat(1000)), `"${'x'.repeat(120)}"… (1000 characters)`)
})
