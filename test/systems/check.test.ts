import assert from 'node:assert/strict'
import { systemFaults } from './check/faults.ts'
import { furtherFaults } from './check/further-faults.ts'
import { pastedFaults } from './check/pasted-faults.ts'
import { checkedSite, nothingWrong, questionOf } from './check/questions.ts'
import { check, complaints } from './check/seed.ts'
import { onEveryRelease, type Questions } from './on-every-release.ts'
import { type Release, releases } from './site.ts'

/** A question that is asked on the releases for which it is. */
const only = ([sentence, ask]: ReturnType<typeof questionOf>, isFor: (release: Release) => boolean) => {
  const asked: Questions[string] = async (system, release) => {
    if (isFor(release)) await ask?.(system, release)
  }
  return [sentence, asked] as const
}

/** Each fault on one release, the first ones in turn: it takes a while to mend one. */
const faults: Questions = Object.fromEntries([
  ...systemFaults.map((fault, index) =>
    only(questionOf(fault), (release) => releases.indexOf(release) === index % releases.length),
  ),
  ...[...furtherFaults, ...pastedFaults].map((fault) =>
    only(questionOf(fault), (release) => release === releases.at(-1)),
  ),
])

onEveryRelease('deploy --check', checkedSite, {
  'finds nothing wrong with a healthy site, whichever layer it looks at, and leaves no trace': async (system) => {
    const before = await system.changes()
    const report = await check(system, '--active --strict')
    assert.deepEqual(complaints(report), {})
    assert.equal(report.ok, true)
    const left = (await system.changes()).filter(
      (path) => !before.includes(path) && !/^\/(var\/log|tmp|var\/tmp|run)\b/.test(path),
    )
    assert.deepEqual(left, [])
    assert.equal(await system.run('ls /run/site'), '1.sock\n2.sock\ncontrol.sock')
  },
  'has every check of a running stack to say something of it': async (system) => {
    const { checks } = await check(system, '--layer live --active')
    assert.deepEqual(
      checks.filter(({ status }) => status === 'skip').map(({ id, found }) => `${id}: ${found}`),
      [],
    )
  },
  ...faults,
  ...nothingWrong,
})
