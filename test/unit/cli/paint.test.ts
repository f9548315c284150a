import assert from 'node:assert/strict'
import test from 'node:test'
import { columns, createPaint } from '../../../src/cli/paint.ts'

const terminal = { isTTY: true }
const isColoured = (stream: { readonly isTTY?: boolean }, env: Record<string, string>) =>
  createPaint(stream, env).red('x') !== 'x'

test('colours are for terminals, and only where they are wanted', () => {
  assert.equal(isColoured(terminal, {}), true)
  assert.equal(isColoured({}, {}), false)
  assert.equal(isColoured(terminal, { NO_COLOR: '1' }), false)
  assert.equal(isColoured(terminal, { NO_COLOR: '' }), true)
  assert.equal(isColoured(terminal, { TERM: 'dumb' }), false)
  assert.equal(isColoured({}, { FORCE_COLOR: '1' }), true)
  assert.equal(isColoured({}, { FORCE_COLOR: '1', NO_COLOR: '1' }), true)
  assert.equal(isColoured(terminal, { FORCE_COLOR: '0' }), false)
})

test('columns are aligned by what is seen: colours have no width, and lines no blanks at the end', () => {
  const { red } = createPaint(terminal, {})
  assert.deepEqual(
    columns([
      [red('a'), 'x', ''],
      ['bbb', 'yy', 'z'],
    ]),
    [`${red('a')}    x`, 'bbb  yy  z'],
  )
  assert.deepEqual(columns([]), [])
})
