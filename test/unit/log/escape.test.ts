import assert from 'node:assert/strict'
import test from 'node:test'
import { escapeControls } from '../../../src/log/escape.ts'

test('a message can neither begin a new line nor move the cursor of whoever reads it', () => {
  assert.equal(escapeControls('a\nb\r\tc'), 'a\\nb\\r\\tc')
  assert.equal(escapeControls('\u001b[2J\u009b31m\u007f\0'), '\\u001b[2J\\u009b31m\\u007f\\u0000')
  assert.equal(escapeControls('one\u2028two\u2029three\u0085'), 'one\\u2028two\\u2029three\\u0085')
})

test('a message cannot be shown in another order than it was written', () => {
  assert.equal(escapeControls('user \u202egnp.exe\u202c \u2066x\u2069'), 'user \\u202egnp.exe\\u202c \\u2066x\\u2069')
})

test('ordinary text of any language stays as it is', () => {
  const text = 'Grüße, 世界 — 🙂 {"a":"b\\n"}'
  assert.equal(escapeControls(text), text)
})

test('escaped JSON is still the same JSON', () => {
  const value = { message: 'a\u2028b\u009bc\u007f\u202ed', path: 'back\\slash "quoted"' }
  assert.deepEqual(JSON.parse(escapeControls(JSON.stringify(value))), value)
})
