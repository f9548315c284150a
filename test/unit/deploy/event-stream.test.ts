import assert from 'node:assert/strict'
import test from 'node:test'
import { hasWholeEvent } from '../../../src/deploy/event-stream.ts'

const texts: readonly (readonly [text: string, whole: boolean])[] = [
  ['data: 1\n\n', true],
  ['data: 1\r\n\r\n', true],
  ['id: 4\nevent: tick\ndata: 1\n\n', true],
  [': hello\n\ndata: 1\n\n', true],
  ['data: 1\n', false],
  [': only a comment\n\n', false],
  ['retry: 1000\n\n', false],
  ['', false],
]

for (const [text, whole] of texts) {
  test(`${JSON.stringify(text)} ${whole ? 'holds' : 'does not hold'} a whole event`, () => {
    assert.equal(hasWholeEvent(text), whole)
  })
}
