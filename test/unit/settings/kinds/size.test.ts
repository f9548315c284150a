import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { size } from '../../../../src/settings/kinds/size.ts'
import { acceptAll, parseAll, refused } from './readings.ts'

const kind = size({ min: 1, max: 1024 ** 4 })

test('a size is bytes, or counted in units of 1024 as nginx does', () => {
  assert.deepEqual(parseAll(kind, ['1', '64k', '1m', '2G', '1000']), [1, 65_536, 1_048_576, 2_147_483_648, 1000])
  assert.deepEqual(acceptAll(kind, [4096, '64K']), [4096, 65_536])
})

test('what is no size is refused', () => {
  for (const text of ['0', '-1', '', '1.5m', '1 m', '1mb', '1t', 'k', '0x10', 'Infinity', '9'.repeat(20), '1\n']) {
    assert.deepEqual(parseAll(kind, [text]), [refused], JSON.stringify(text))
  }
  assert.deepEqual(acceptAll(kind, [1.5, 0, Number.NaN, null, [1]]), Array(5).fill(refused))
})

test('a size is shown in the largest unit that fits it', () => {
  assert.deepEqual([1024 ** 2, 65_536, 1000, 1536, 1024 ** 3].map(kind.format), ['1m', '64k', '1000', '1536', '1g'])
})

test('every size that is shown is read back as the same, and whatever is written, what is read is within the range', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1024 ** 4 }), fc.constantFrom(1, 1024, 1024 ** 2), (count, unit) => {
      const bytes = Math.max(1, Math.floor(count / unit)) * unit
      assert.deepEqual(kind.parse(kind.format(bytes)), { ok: true, value: bytes })
    }),
  )
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9kmgKMG. -]{0,18}$/))
  fc.assert(
    fc.property(text, (written) => {
      const reading = kind.parse(written)
      if (reading.ok) assert.ok(Number.isSafeInteger(reading.value) && reading.value >= 1 && reading.value <= 1024 ** 4)
    }),
    { numRuns: 1000 },
  )
})
