import assert from 'node:assert/strict'
import test from 'node:test'
import { ipRanges } from '../../../../src/settings/kinds/ip-range.ts'
import { acceptAll, parseAll, refused } from './readings.ts'

test('addresses, networks and * are accepted, in one text or in a list', () => {
  const all = ['127.0.0.1', '::1', '10.0.0.0/8', '2001:db8::/32', '*']
  assert.deepEqual(parseAll(ipRanges, [all.join(','), all.join(', ')]), [all, all])
  assert.deepEqual(acceptAll(ipRanges, [all, '127.0.0.1']), [all, ['127.0.0.1']])
})

test('an empty text and an empty list are nobody', () => {
  assert.deepEqual(parseAll(ipRanges, ['']), [[]])
  assert.deepEqual(acceptAll(ipRanges, [[], '']), [[], []])
})

test('what is neither is refused: a typing error must not widen trust', () => {
  const texts = [
    'localhost',
    '10.0.0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '/8',
    '**',
    'fe80::1%eth0',
    '127.0.0.1,',
    ' 127.0.0.1',
    '1.2.3.4\n',
  ]
  for (const text of texts) assert.deepEqual(parseAll(ipRanges, [text]), [refused], JSON.stringify(text))
  assert.deepEqual(acceptAll(ipRanges, [null, 127, [1], true]), Array(4).fill(refused))
})
