import assert from 'node:assert/strict'
import test from 'node:test'
import { sizeOf, spanOf, told } from '../../../../src/deploy/inspect/quantities.ts'

test('spans of time are read as nginx and systemd write them', () => {
  const spans = ['3s', '2500ms', '1min 40s', '90', '1h', '1h30m', 'infinity', '0', '', 'soon', '5 parsecs']
  assert.deepEqual(spans.map(spanOf), [
    3000,
    2500,
    100_000,
    90_000,
    3_600_000,
    5_400_000,
    Infinity,
    0,
    null,
    null,
    null,
  ])
  assert.deepEqual([told(3000), told(2500), told(null)], ['3s', '2500ms', 'nothing'])
})

test('sizes are read as nginx and systemd write them', () => {
  assert.deepEqual(['100k', '2G', '7', 'infinity', '80%', null].map(sizeOf), [
    102_400,
    2 * 1024 ** 3,
    7,
    Infinity,
    null,
    null,
  ])
})
