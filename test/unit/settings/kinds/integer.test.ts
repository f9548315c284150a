import assert from 'node:assert/strict'
import test from 'node:test'
import { integer, integerOr } from '../../../../src/settings/kinds/integer.ts'
import { acceptAll, parseAll, refused } from './readings.ts'

const kind = integer({ min: 1, max: 512 })
const workers = integerOr('auto', { min: 1, max: 512 })

test('a whole number in decimal is read as it stands', () => {
  assert.deepEqual(parseAll(kind, ['1', '42', '512']), [1, 42, 512])
  assert.deepEqual(acceptAll(kind, [1, 512]), [1, 512])
})

test('what Number() would make a number of is still refused', () => {
  const texts = [
    '0',
    '-1',
    '513',
    '1e9',
    'NaN',
    '0x10',
    '',
    ' ',
    '3.5',
    '1 ',
    ' 1',
    '+1',
    '01',
    '1_0',
    '१',
    '1\n',
    '1\u0000',
  ]
  for (const text of texts) assert.deepEqual(parseAll(kind, [text]), [refused], JSON.stringify(text))
})

test('a config file gives a number, not a text or anything else', () => {
  const values = ['4', 0, -1, 3.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9, null, true, [4], {}, 4n]
  for (const value of values) assert.deepEqual(acceptAll(kind, [value]), [refused], String(value))
})

test('a word may stand for the number, exactly as it is spelled', () => {
  assert.deepEqual(parseAll(workers, ['auto', '4', 'Auto', 'auto ', 'max']), ['auto', 4, refused, refused, refused])
  assert.deepEqual(acceptAll(workers, ['auto', 4, '4']), ['auto', 4, refused])
})

test('what is expected names the bounds and the word', () => {
  assert.equal(workers.expects, 'a whole number from 1 to 512, or auto')
})
