import assert from 'node:assert/strict'
import test from 'node:test'
import { complain } from '../../../src/cli/complain.ts'
import { Failure } from '../../../src/contract/errors.ts'
import { createScreen } from './screen.ts'

test('a failure with a name is told in its words, with what to do, and without a stack', () => {
  const { context, err } = createScreen()
  assert.equal(complain(new Failure('BIND_IN_USE', 'port 80 is taken', { fix: 'Stop the other server.' }), context), 5)
  assert.equal(err(), 'tsicorn: port 80 is taken\nStop the other server.\n')
})

test('several things that are wrong stand on lines of their own', () => {
  const { context, err } = createScreen()
  assert.equal(complain(new Failure('CONFIG_INVALID', '2 things are wrong:\none\ntwo'), context), 2)
  assert.equal(err(), 'tsicorn: 2 things are wrong:\n  one\n  two\n')
})

test('control characters in a message cannot reach the terminal', () => {
  const { context, err } = createScreen()
  complain(new Failure('USAGE', 'a\u001b[2Jb', { fix: 'c\u0007' }), context)
  assert.equal(err(), 'tsicorn: a\\x1b[2Jb\nc\\x07\n')
})

test('what nobody foresaw shows where it happened', () => {
  const { context, err } = createScreen()
  assert.equal(complain(new TypeError('oops'), context), 1)
  assert.match(err(), /^tsicorn: unexpected failure: TypeError: oops\n {4}at /)
  assert.equal(complain(undefined, createScreen().context), 1)
})
