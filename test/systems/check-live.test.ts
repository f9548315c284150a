import { liveFaults } from './check/live-faults.ts'
import { seedLoaded } from './check/loaded-faults.ts'
import { checkedSite, nothingWrong, questionOf } from './check/questions.ts'
import { onReleases } from './on-every-release.ts'
import { machineWithSite, releases } from './site.ts'

/** What runs is the same on every release: one of them is asked. */
onReleases(
  'deploy --check of what runs',
  (release) => machineWithSite(release, checkedSite),
  {
    ...Object.fromEntries(liveFaults.map(questionOf)),
    'of another site sees what is wrong with what is loaded, and its fix puts that right': seedLoaded,
    ...nothingWrong,
  },
  releases.slice(-1),
)
