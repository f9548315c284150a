import assert from 'node:assert/strict'
import test from 'node:test'
import { acceptance, maskedFrame, readFrame } from '../../../src/deploy/websocket.ts'

test('the acceptance of a key is the one RFC 6455 gives as its example', () => {
  assert.equal(acceptance('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
})

test('a text frame is masked as in the example of RFC 6455', () => {
  const frame = maskedFrame(1, Buffer.from('Hello'), Buffer.from([0x37, 0xfa, 0x21, 0x3d]))
  assert.equal(frame.toString('hex'), '818537fa213d7f9f4d5158')
})

test('a frame is read as soon as it is whole, and not before', () => {
  const whole = Buffer.from([0x81, 0x05, ...Buffer.from('Hello')])
  assert.equal(readFrame(whole.subarray(0, 1)), null)
  assert.equal(readFrame(whole.subarray(0, 6)), null)
  assert.equal(readFrame(whole)?.payload.toString(), 'Hello')
})
