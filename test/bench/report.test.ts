import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chart } from './chart.ts'
import { quantile, spreadOf } from './figures.ts'
import { isMet, Ledger } from './report.ts'
import { showPart } from './show.ts'

const speed = { what: 'hello', unit: 'answers/s' }

function measured(): Ledger {
  const ledger = new Ledger()
  for (const value of [100, 200, 300]) ledger.add(speed, 'node', value)
  for (const value of [90, 220, 270]) ledger.add(speed, 'tsicorn', value)
  return ledger
}

test('a ratio is of the same round, and its median decides whether the goal is met', () => {
  const ledger = measured()
  ledger.compare(speed, ['tsicorn', 'node'], { least: 0.95 })
  ledger.compare(speed, ['tsicorn', 'node'], { most: 0.9 })
  assert.deepEqual(ledger.claims[0]?.samples, [0.9, 1.1, 0.9])
  assert.deepEqual(ledger.claims.map(isMet), [false, true])
})

test('what is missing is compared with nothing', () => {
  const ledger = measured()
  ledger.compare(speed, ['tsicorn', 'PM2'], { least: 1.15 })
  assert.deepEqual(ledger.claims, [])
})

test('the middle of an even number of figures is between two of them, a rank is one of them', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, low: 1, high: 4 })
  assert.equal(
    quantile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      0.99,
    ),
    99,
  )
})

test('the table shows each contender with its spread, and says which goal is missed', () => {
  const ledger = measured()
  ledger.compare(speed, ['tsicorn', 'node'], { least: 0.95 })
  const text = showPart({ id: 'x', title: 'X', notes: [], measures: ledger.measures, claims: ledger.claims })
  assert.match(text, /^\| hello \| tsicorn \| +220 \| 90\.0 - 270 +\| answers\/s \|$/m)
  assert.match(
    text,
    /^\| hello, answers\/s: tsicorn \/ node \| +0\.900 \| 0\.900 - 1\.100 \| at least 0\.95 \| MISSED \|$/m,
  )
})

test('the chart has a bar for each contender, and names are no markup', () => {
  const { measures } = measured()
  const text = chart([{ id: 'x', title: 'a < b', notes: [], measures, claims: [] }])
  assert.equal(text.match(/<rect x="330"/g)?.length, 2)
  assert.match(text, /a &lt; b/)
})
