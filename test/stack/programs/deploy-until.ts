// Deploys the project given first, and kills itself when it has come as far as the second word says: an event by its
// number. Without one it prints all events and goes on to the end.
import { loadBundle } from '../../../src/cli/deploy/load-bundle.ts'
import { applySurvey } from '../../../src/deploy/install/apply.ts'
import { takeLock } from '../../../src/deploy/install/lock.ts'
import { type Request, survey } from '../../../src/deploy/install/survey.ts'

const [, , project = '', kind = 'deploy', last] = process.argv
const path = process.env['PATH'] ?? ''
const { answers, files } = await loadBundle(project, { cwd: '/' })
const lock = await takeLock(answers.name, path)
const found = await survey({
  ...{ kind: kind as Request['kind'], answers, files, path },
  ...{ root: '', isRoot: true, release: null, withoutDefaultSite: false, now: new Date() },
})
let count = 0
await applySurvey(found, {
  signal: new AbortController().signal,
  verify: async () => undefined,
  onTried: () => undefined,
  onProgress: (progress) => {
    if (last === undefined) process.stdout.write(`${progress.at}${'index' in progress ? ` ${progress.index}` : ''}\n`)
    if (String(count) === last) process.kill(process.pid, 'SIGKILL')
    count += 1
  },
})
lock.release()
