import assert from 'node:assert/strict'
import test from 'node:test'
import { diffLines } from '../../../../src/cli/init/diff-lines.ts'

const show = (before: string, after: string, around?: number) =>
  diffLines(before, after, around).map(({ sign, line }) => `${sign}${line}`)

test('equal texts have no difference', () => {
  assert.deepEqual(show('a\nb\n', 'a\nb\n'), [])
})

test('a changed line is the old one and the new one, with its neighbours', () => {
  assert.deepEqual(show('a\nb\nc\nd\ne\n', 'a\nb\nX\nd\ne\n', 1), [' b', '-c', '+X', ' d'])
})

test('lines are put in and taken away at both ends', () => {
  assert.deepEqual(show('', 'a\nb\n'), ['+a', '+b'])
  assert.deepEqual(show('a\nb\n', ''), ['-a', '-b'])
  assert.deepEqual(show('b\n', 'a\nb\nc\n'), ['+a', ' b', '+c'])
})

test('an empty line is a line', () => {
  assert.deepEqual(show('a\n\nb\n', 'a\nb\n'), [' a', '-', ' b'])
})

test('texts too long to compare are shown whole', () => {
  const long = 'x\n'.repeat(2001)
  assert.equal(show(long, 'y\n').length, 2002)
})

test('putting the difference into the old text gives the new one', () => {
  const texts = ['a\nb\nc\n', 'b\na\nc\nc\n', 'c\n', 'a\nc\nb\na\nb\n']
  for (const before of texts) {
    for (const after of texts) {
      const all = diffLines(before, after, 99)
      const side = (sign: string) =>
        all
          .filter((one) => one.sign !== sign)
          .map(({ line }) => `${line}\n`)
          .join('')
      if (before === after) continue
      assert.equal(side('+'), before)
      assert.equal(side('-'), after)
    }
  }
})
