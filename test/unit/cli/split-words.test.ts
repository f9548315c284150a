import assert from 'node:assert/strict'
import test from 'node:test'
import { splitWords } from '../../../src/cli/split-words.ts'

test('a line is split as a shell splits it, and nothing in it is expanded', () => {
  const lines: Readonly<Record<string, readonly string[]>> = {
    '': [],
    '  \t\n ': [],
    '-w 2  --bind=80': ['-w', '2', '--bind=80'],
    '\'a b\' "c d"': ['a b', 'c d'],
    'a\'b\'"c"d': ['abcd'],
    '\'\' ""': ['', ''],
    'a\\ b': ['a b'],
    '"a\\"b\\\\c\\d\\$e"': ['a"b\\c\\d$e'],
    "'a\\b'": ['a\\b'],
    '$HOME *.js `id` ; | &': ['$HOME', '*.js', '`id`', ';', '|', '&'],
    '"two\nlines"': ['two\nlines'],
    '# no comment': ['#', 'no', 'comment'],
  }
  for (const [line, words] of Object.entries(lines)) assert.deepEqual(splitWords(line), words, line)
})

test('a quote that is not closed, and a backslash at the end, make no line', () => {
  for (const line of ["a 'b", 'a "b', 'a\\', '"a\\"', "it's"]) assert.equal(splitWords(line), null, line)
})
