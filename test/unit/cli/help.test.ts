import assert from 'node:assert/strict'
import test from 'node:test'
import { Option } from 'commander'
import { formatHelp, wrap } from '../../../src/cli/help.ts'
import { createPaint } from '../../../src/cli/paint.ts'

const look = { paint: createPaint({}, {}), width: 60 }

test('text is broken at spaces, and a word that is too long is left whole', () => {
  assert.deepEqual(wrap('aaa bbb ccc', 7), ['aaa bbb', 'ccc'])
  assert.deepEqual(wrap('a-very-long-word b', 5), ['a-very-long-word', 'b'])
  assert.deepEqual(wrap('one\ntwo', 80), ['one', 'two'])
  assert.deepEqual(wrap('', 80), [''])
})

test('options stand in one column under their sections; a term that is too long has its own line', () => {
  const options = [
    new Option('-a, --alpha <N>', 'first of all').helpGroup('Letters'),
    new Option('--a-very-long-name-for-an-option <VALUE>', 'second').helpGroup('Letters'),
    new Option('--omega', 'last, and explained with more words than fit on one line').helpGroup('Others'),
  ]
  const page = {
    about: 'Does it.',
    usage: [['do it', 'now']] as const,
    notes: [{ heading: 'Note', text: 'So it is.' }],
  }
  assert.equal(
    formatHelp(page, options, look),
    `Does it.

Usage
  do it  now

Letters
  -a, --alpha N  first of all
      --a-very-long-name-for-an-option VALUE
                 second

Others
      --omega    last, and explained with more words than
                 fit on one line

Note
  So it is.
`,
  )
})
