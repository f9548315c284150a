import assert from 'node:assert/strict'
import test from 'node:test'
import { liveChecks, stopCheck } from '../../src/deploy/checks/table.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { noteFault } from './check/matrix.ts'
import { faults } from './faults.ts'
import { checkAll, checkIds, notPassed, rehearse } from './rehearsal.ts'

/** The checks that cannot say anything when one has failed: those that need it, and those that need these. */
function dependents(id: string): readonly string[] {
  const lost = new Set([id])
  for (const check of [...liveChecks, stopCheck]) if (check.needs.some((need) => lost.has(need))) lost.add(check.id)
  return [...lost].slice(1)
}

for (const { words, seenBy, make } of faults) {
  test(`${words} is seen by ${seenBy}, and by nothing that does not need it`, async () => {
    await using dir = await tempDir()
    await using rehearsal = await rehearse(await make(dir))
    const report = await checkAll(rehearsal)
    const expected = { [seenBy]: 'fail', ...Object.fromEntries(dependents(seenBy).map((id) => [id, 'skip'])) }
    assert.deepEqual(notPassed(report), expected, JSON.stringify(report.checks, null, 1))
    assert.equal(report.ok, false)
    noteFault({ words, seenBy, fix: '', clean: null })
  })
}

test('each check has a fault that it sees', () => {
  const seen = new Set(faults.map(({ seenBy }) => seenBy))
  assert.deepEqual(
    checkIds.filter((id) => !seen.has(id)),
    [],
  )
})
