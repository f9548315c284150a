import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { repository } from '../helpers/repository.ts'
import { scenarios } from '../integration/fault-scenarios.ts'

test('all thirty scenarios of what can go wrong have a test', () => {
  assert.equal(scenarios.length, 30)
  for (const { what, shownBy } of scenarios) assert.ok(shownBy.length > 0, what)
})

for (const { what, shownBy } of scenarios) {
  test(`what becomes of it is shown: ${what}`, () => {
    for (const { file, words } of shownBy) {
      const source = readFileSync(join(repository, 'test', file), 'utf8')
      const names = source.match(/^\s*test\(\s*['`].*/gm) ?? []
      assert.ok(words === '' || names.some((line) => line.includes(words)), `${file} has no test with "${words}"`)
    }
  })
}
