import assert from 'node:assert/strict'
import { type SystemFault, systemFaults } from './check/faults.ts'
import { furtherFaults } from './check/further-faults.ts'
import { liveFaults } from './check/live-faults.ts'
import { seedLoaded } from './check/loaded-faults.ts'
import { pastedFaults } from './check/pasted-faults.ts'
import { check, complaints, seedAndMend } from './check/seed.ts'
import { onEveryRelease, type Questions } from './on-every-release.ts'
import { type Release, releases } from './site.ts'

const asked = (fault: SystemFault, isFor: (release: Release) => boolean): [string, Questions[string]] => [
  `${fault.words} is seen by ${fault.seenBy.join(' and ')}, and the fix mends it`,
  async (system, release: Release) => {
    if (isFor(release)) await seedAndMend(system, fault)
  },
]

/** Each fault on one release, the first ones in turn: it takes a while to mend one. */
const faults: Questions = Object.fromEntries([
  ...systemFaults.map((fault, index) =>
    asked(fault, (release) => releases.indexOf(release) === index % releases.length),
  ),
  ...[...furtherFaults, ...pastedFaults, ...liveFaults].map((fault) =>
    asked(fault, (release) => release === releases.at(-1)),
  ),
])

onEveryRelease(
  'deploy --check',
  { flags: ['--logs', 'files', '--hsts', '--static', '/static/=static'] },
  {
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
    'of another site sees what is wrong with what is loaded, and its fix puts that right': async (system, release) => {
      if (release === releases.at(-1)) await seedLoaded(system)
    },
    'finds nothing wrong once all of it is mended': async (system) => {
      assert.deepEqual(complaints(await check(system, '--active')), {})
    },
  },
)
