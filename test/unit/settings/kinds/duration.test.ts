import assert from 'node:assert/strict'
import test from 'node:test'
import { duration } from '../../../../src/settings/kinds/duration.ts'
import { acceptAll, parseAll, reason, refused } from './readings.ts'

const kind = duration({ min: 0, max: 86_400_000 })

test('a plain number is seconds, a unit says otherwise, and the value is milliseconds', () => {
  const texts = ['30', '1.5', '0', '500ms', '30s', '2m', '1h', '0.25s', '24h']
  assert.deepEqual(parseAll(kind, texts), [30_000, 1500, 0, 500, 30_000, 120_000, 3_600_000, 250, 86_400_000])
  assert.deepEqual(acceptAll(kind, [30, 0.5, '2m', 0]), [30_000, 500, 120_000, 0])
})

test('what is no time, or longer than the bound, is refused', () => {
  const texts = [
    '-1',
    'Infinity',
    'NaN',
    '',
    ' ',
    '1e3',
    '0x10',
    '30 s',
    '30S',
    '1d',
    '.5',
    '5.',
    '25h',
    '86401',
    '1\n',
    '9'.repeat(400),
  ]
  for (const text of texts) assert.deepEqual(parseAll(kind, [text]), [refused], JSON.stringify(text))
  const values = [-1, Number.NaN, Number.POSITIVE_INFINITY, 86_401, null, true, [30], {}, 30n]
  for (const value of values) assert.deepEqual(acceptAll(kind, [value]), [refused], String(value))
})

test('a time too short to count is refused, not rounded to "never"', () => {
  assert.equal(reason(kind, '0.0001'), 'shorter than a millisecond')
})

test('a duration is shown in a form that reads back as the same duration', () => {
  for (const ms of [0, 1, 999, 1000, 1500, 75_000, 60_000, 3_600_000, 86_400_000]) {
    assert.deepEqual(parseAll(kind, [kind.format(ms)]), [ms])
  }
})
