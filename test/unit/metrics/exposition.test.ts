import assert from 'node:assert/strict'
import test from 'node:test'
import { expose, histogram } from '../../../src/metrics/exposition.ts'

test('a metric is written with its help, its type and a line for each of its samples', () => {
  const family = {
    ...({ name: 'a_total', type: 'counter', help: 'Of a\nkind\\' } as const),
    samples: [
      { labels: {}, value: 1 },
      { labels: { x: 'one', y: 'tw"o\\\n' }, value: 2.5 },
    ],
  }
  assert.equal(
    expose([family]),
    '# HELP a_total Of a\\nkind\\\\\n# TYPE a_total counter\na_total 1\na_total{x="one",y="tw\\"o\\\\\\n"} 2.5\n',
  )
})

test('a metric without samples is left out', () => {
  assert.equal(expose([{ name: 'a', type: 'gauge', help: 'A', samples: [] }]), '')
})

test('the buckets of a histogram add up, and the last is everything', () => {
  assert.deepEqual(histogram({ w: '1' }, { bounds: [0.1, 1], counts: [2, 3, 4], sum: 7.5 }), [
    { suffix: '_bucket', labels: { w: '1', le: '0.1' }, value: 2 },
    { suffix: '_bucket', labels: { w: '1', le: '1' }, value: 5 },
    { suffix: '_bucket', labels: { w: '1', le: '+Inf' }, value: 9 },
    { suffix: '_sum', labels: { w: '1' }, value: 7.5 },
    { suffix: '_count', labels: { w: '1' }, value: 9 },
  ])
})
