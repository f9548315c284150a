import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptKey, closeFrame, frame, opcode, readFrame } from '../../../src/http/websocket.ts'

test('the key is answered as in the example of RFC 6455', () => {
  assert.equal(acceptKey('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
})

test('the close frame is four bytes that say 1001', () => {
  assert.deepEqual([...closeFrame(1001)], [0x88, 0x02, 0x03, 0xe9])
})

/** What a client would send: the server's frame, masked. */
function masked(code: number, payload: Buffer): Buffer {
  const plain = frame(code, payload)
  const at = plain.length - payload.length
  const head = Buffer.from(plain.subarray(0, at))
  head[1] = (head[1] ?? 0) | 0x80
  const mask = Buffer.from([1, 2, 3, 4])
  return Buffer.concat([head, mask, payload.map((byte, index) => byte ^ (mask[index & 3] ?? 0))])
}

for (const length of [0, 1, 125, 126, 127, 65535, 65536, 70000]) {
  test(`a frame of ${length} bytes is read as it was written, however it is cut`, () => {
    const payload = Buffer.alloc(length, 'tsicorn')
    const bytes = Buffer.concat([masked(opcode.text, payload), Buffer.from('rest')])
    const read = readFrame(bytes, 1 << 20)
    assert.deepEqual(read?.frame, { code: opcode.text, final: true, payload })
    assert.equal(String(read?.rest), 'rest')
    for (const cut of [0, 1, 2, 5, bytes.length - 5]) {
      assert.equal(readFrame(bytes.subarray(0, Math.min(cut, bytes.length - 5)), 1 << 20), null)
    }
  })
}

test('a frame that is too long or not masked is refused', () => {
  assert.throws(() => readFrame(masked(opcode.text, Buffer.alloc(200)), 100), RangeError)
  assert.throws(() => readFrame(frame(opcode.text, Buffer.from('a')), 100), RangeError)
})
