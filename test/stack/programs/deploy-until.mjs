// Makes one change of the site given first, of the kind given second, and kills itself when it has come as far as the third
// word says: an event by its number. It prints the last event it came to.
import { writeSync } from 'node:fs'
import { loadBundle } from '../../../dist/cli/deploy/load-bundle.js'
import { applyTried } from '../../../dist/deploy/install/apply.js'
import { survey } from '../../../dist/deploy/install/survey.js'

const [, , project, kind, last] = process.argv
const { answers, files } = await loadBundle(project, { cwd: '/' })
const found = await survey({
  ...{ kind, answers, files, path: process.env.PATH },
  ...{ root: '', isRoot: true, release: null, withoutDefaultSite: false, now: new Date() },
})
let count = 0
await applyTried(found, null, {
  signal: new AbortController().signal,
  verify: async () => undefined,
  onProgress: (progress) => {
    if (String(count) === last) {
      writeSync(1, 'step' in progress ? `${progress.at} ${progress.index} ${progress.step.kind}` : progress.at)
      process.kill(process.pid, 'SIGKILL')
    }
    count += 1
  },
})
