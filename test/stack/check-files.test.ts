import assert from 'node:assert/strict'
import test from 'node:test'
import type { CheckReport } from '../../src/contract/check-report.ts'
import { fileChecks } from '../../src/deploy/checks/files-table.ts'
import { demoFlags } from './check/demo-flags.ts'
import { dependentsOf } from './check/dependents.ts'
import { type FileFault, fileFaults } from './check/file-faults.ts'
import { noteFault } from './check/matrix.ts'
import { misplaced } from './check/misplaced.ts'
import { type StagedSite, stagedSite } from './check/staged-site.ts'
import { needs } from './needs.ts'

const skip = needs('nginx', 'systemd-analyze', 'logrotate', 'openssl')

/** What did not pass; an edited file may be told besides. */
function failed(report: CheckReport): Readonly<Record<string, string>> {
  const found = report.checks.filter(
    ({ status, id }) => !(status === 'pass' || (status === 'warn' && id === 'files.unedited')),
  )
  return Object.fromEntries(found.map(({ id, status }) => [id, status]))
}

/** The same, without what does not concern the site. */
function wrong(report: CheckReport): Readonly<Record<string, string>> {
  const exempt = ['files.whole']
  return Object.fromEntries(Object.entries(failed(report)).filter(([id]) => !exempt.includes(id)))
}

function seed(site: StagedSite, { file, from, to }: FileFault): boolean {
  return site.alter(file, (content) => content.replace(from, to))
}

test('files in which one thing is wrong fail exactly the check for it, and its fix puts that right', {
  skip,
}, async (context) => {
  await using site = await stagedSite(demoFlags)
  assert.deepEqual(wrong(await site.check()), {}, 'a healthy site has nothing to complain of')
  const fixes = new Map<FileFault, string | null>()
  for (const fault of fileFaults) {
    await context.test(`${fault.words} is seen by ${fault.seenBy}`, async () => {
      assert.equal(seed(site, fault), true, `${fault.words} changes the file`)
      const report = await site.check()
      site.restore()
      const expected = { [fault.seenBy]: 'fail', ...dependentsOf(fileChecks, fault.seenBy) }
      assert.deepEqual(wrong(report), expected, JSON.stringify(report.checks.filter(({ status }) => status === 'fail')))
      fixes.set(fault, report.checks.find(({ id }) => id === fault.seenBy)?.fix ?? null)
    })
  }
  await context.test('the fixes, pasted as they stand, leave nothing wrong', () => mend(site, fixes))
})

/** Faults are seeded together as far as they do not stand in one another's way: a fix of many is pasted once. */
async function mend(site: StagedSite, fixes: ReadonlyMap<FileFault, string | null>): Promise<void> {
  let left = [...fixes]
  while (left.length > 0) {
    const batch = left.filter(([fault]) => seed(site, fault))
    const rest = left.filter((one) => !batch.includes(one))
    assert.ok(batch.length > 0, 'each fault can be seeded')
    assert.notDeepEqual(wrong(await site.check()), {})
    for (const fix of new Set(batch.map(([, command]) => command))) {
      assert.ok(fix, 'there is a fix')
      const { code, stderr } = await site.paste(fix)
      assert.equal(code, 0, stderr)
    }
    assert.deepEqual(wrong(await site.check()), {})
    for (const [{ words, seenBy }, fix] of batch) noteFault({ words, seenBy, fix: fix ?? '', clean: true })
    left = rest
  }
}

test('files in the wrong place, or with the wrong rights, are seen and put right', { skip }, async (context) => {
  await using site = await stagedSite(demoFlags)
  for (const { words, seenBy, make } of misplaced) {
    await context.test(`${words} is seen by ${seenBy}`, async () => {
      make(site)
      const report = await site.check()
      assert.deepEqual(wrong(report), { [seenBy]: 'fail', ...dependentsOf(fileChecks, seenBy) })
      const fix = report.checks.find(({ id }) => id === seenBy)?.fix ?? null
      assert.ok(fix)
      const { code, stderr, stdout } = await site.paste(fix)
      assert.equal(code, 0, `${fix}\n${stdout}${stderr}`)
      assert.deepEqual(wrong(await site.check()), {})
      noteFault({ words, seenBy, fix, clean: true })
    })
  }
})
