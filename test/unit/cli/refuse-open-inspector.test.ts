import assert from 'node:assert/strict'
import test from 'node:test'
import { refuseOpenInspector } from '../../../src/cli/refuse-open-inspector.ts'

test('an inspector that only this machine can reach is the business of whoever asked for it', () => {
  for (const host of ['127.0.0.1', '127.1.2.3', '[::1]', 'localhost']) refuseOpenInspector(`ws://${host}:9229/id`)
  refuseOpenInspector(undefined)
})

test('an inspector that others can reach is refused: it would run any code they send', () => {
  for (const host of ['0.0.0.0', '[::]', '192.0.2.1', 'example.com', '[2001:db8::1]']) {
    assert.throws(() => refuseOpenInspector(`ws://${host}:9229/id`), /inspector on this machine only/)
  }
})
