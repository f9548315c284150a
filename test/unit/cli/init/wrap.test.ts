import assert from 'node:assert/strict'
import test from 'node:test'
import { wrap } from '../../../../src/cli/init/ask.ts'
import { steps } from '../../../../src/cli/init/steps.ts'

test('help is broken between words, and no word of it is lost', () => {
  for (const { help } of steps) {
    const lines = wrap(help, 40)
    assert.ok(lines.length > 1 && lines.every((line) => line.length <= 40), help)
    assert.equal(lines.join(' '), help)
  }
})

test('a word longer than a line has a line of its own', () => {
  assert.deepEqual(wrap('a longerthanten b', 10), ['a', 'longerthanten', 'b'])
})
