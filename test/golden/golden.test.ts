import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import test from 'node:test'
import { formatGolden, readGoldens, renderGolden } from './read-golden.ts'

// UPDATE_GOLDEN=1 writes what is made now; the difference is then read in the commit.
const update = process.env['UPDATE_GOLDEN'] === '1'

test('there are golden cases', () => {
  assert.ok(readGoldens().length >= 10)
})

for (const golden of readGoldens()) {
  test(`the answers of ${golden.name} give the files that were agreed on`, () => {
    if (update) writeFileSync(golden.path, formatGolden(golden))
    else assert.equal(renderGolden(golden), golden.expected)
  })
}
