// Makes the change given second (deploy, uninstall) of the site given first, kills it at one event after the other, and puts
// back each time what it left. Prints a JSON object: the events, and what was not as before after one of them. The last event
// is the commit, after which the change is made. With a third word, `each`, it is every event; otherwise the first of each
// kind of step that comes, and every command.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { loadBundle } from '../../../dist/cli/deploy/load-bundle.js'
import { recoverAll } from '../../../dist/deploy/install/recover.js'
import { survey } from '../../../dist/deploy/install/survey.js'
import { tree } from './tree.mjs'

const [, , project, kind, extent] = process.argv
const program = join(import.meta.dirname, 'deploy-until.mjs')
const path = process.env.PATH
const before = tree()
const faults = []
const events = choose(await kindsOfSteps())
for (const event of events) await killAt(event)
process.stdout.write(JSON.stringify({ events: events.map(({ title }) => title), faults }))

async function kindsOfSteps() {
  const { answers, files } = await loadBundle(project, { cwd: '/' })
  const request = { kind, answers, files, path, root: '', isRoot: true, release: null, withoutDefaultSite: false }
  const { plan } = await survey({ ...request, now: new Date() })
  return plan.steps.map((step) => step.kind)
}

/** In the order in which changeHost tells of them. */
function choose(kinds) {
  const steps = kinds.flatMap((step, index) => {
    const isChosen = extent === 'each' || step === 'command' || step !== kinds[index - 1]
    const titles = [`begun ${index} ${step}`, `done ${index} ${step}`]
    return titles.map((title, offset) => ({ title, isChosen, index: 1 + 2 * index + offset }))
  })
  const last = 1 + 2 * kinds.length
  const ends = ['verified', 'committed'].map((title, offset) => ({ title, isChosen: true, index: last + offset }))
  return [{ title: 'opened', isChosen: true, index: 0 }, ...steps, ...ends].filter(({ isChosen }) => isChosen)
}

async function killAt({ title, index }) {
  const words = [program, project, kind, String(index)]
  const { signal, stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 })
  if (signal !== 'SIGKILL' || stdout.trim() !== title)
    throw new Error(`${title}: ended with ${signal ?? status} at ${stdout}${stderr}`)
  const recovered = await recoverAll('', true, path)
  if (title === 'committed') return
  for (const { restored } of recovered)
    if (restored === null || !restored.whole || restored.problems.length > 0)
      faults.push(`${title}: ${JSON.stringify(restored)}`)
  const after = tree()
  const more = after.filter((line) => !before.includes(line))
  const lost = before.filter((line) => !after.includes(line))
  faults.push(...more.map((line) => `${title}: more ${line}`), ...lost.map((line) => `${title}: lost ${line}`))
}
