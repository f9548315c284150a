import { probeRoutes } from '../../contract/probe.ts'
import { type Check, judge, type Verdict } from '../check.ts'
import { ask } from '../client.ts'
import { type LoadCount, startLoad } from '../load.ts'
import { readableLine } from '../log-line.ts'
import { childrenOf } from '../processes.ts'
import { type CheckTarget, frontDoor, probeOf } from '../target.ts'
import { until } from '../until.ts'
import { withoutProbe } from './exemptions.ts'

/** How long all workers may take to be replaced: start-up, and draining what the old ones hold. */
const replacedWithin = 90_000

/** Once the trial of a reload has come and gone, the first new worker is ordered at once. */
const givenUpAfter = 5000

export const reload: Check = {
  id: 'reload.loses-nothing',
  layer: 'live',
  group: 'Life',
  title: 'A reload under load loses no request',
  why: 'Every deployment would cost some users an error page, and some posts would be lost.',
  how: 'HUP to the master while kept-alive and fresh connections get pages and send posts; every answer is counted',
  needs: ['app.answers'],
  active: true,
  within: replacedWithin + 30_000,
  exempt: withoutProbe,
  run: checkReload,
}

export const stop: Check = {
  id: 'stop.clean',
  layer: 'live',
  group: 'Life',
  title: 'The stop is clean',
  why: 'What is left behind stands in the way of the next start.',
  how: 'TERM to the proxy and to the master; exit statuses, remaining processes, sockets and pid files',
  needs: [],
  active: true,
  within: 60_000,
  run: async (target) => {
    const facts = await target.stop()
    const problems = facts.ends.filter((end) => !end.clean).map((end) => `${end.name} ${end.words}`)
    if (facts.leftovers.length > 0) problems.push(`processes left: ${facts.leftovers.join(', ')}`)
    if (facts.remains.length > 0) problems.push(`files left: ${facts.remains.join(', ')}`)
    const found = facts.ends.map((end) => `${end.name} ${end.words}`).join(', ')
    return judge('status 0, no process, socket or pid file left', found, problems)
  },
}

async function checkReload(target: CheckTarget, signal: AbortSignal): Promise<Verdict> {
  const endpoint = frontDoor(target)
  const before = await childrenOf(target.master.pid)
  const pageStatus = (await ask(endpoint, { path: '/' })).status
  const load = startLoad({ endpoint, page: '/', pageStatus, sink: probeOf(target, probeRoutes.sink) })
  try {
    await moreAnswers(load.count, signal)
    target.reload()
    const after = await replaced(target, before, signal)
    await moreAnswers(load.count, signal)
    return judgeReload(target, await load.stop(), before, after)
  } finally {
    await load.stop()
  }
}

function judgeReload(
  target: CheckTarget,
  count: LoadCount,
  before: readonly number[],
  after: readonly number[] | null,
): Verdict {
  const problems: string[] = []
  if (count.lost > 0)
    problems.push(`${count.lost} of ${count.lost + count.answered} requests lost: ${count.reasons.join(', ')}`)
  if (after === null) {
    const said = target.master.lastLines().slice(-3).map(readableLine).join(' | ')
    problems.push(`the workers were not replaced (before: ${before.join(', ')}); the server says: ${said}`)
  }
  const found = `${count.answered} of ${count.answered} answered; workers ${before.join(', ')} became ${after?.join(', ')}`
  return judge('every request is answered, and every worker is a new process', found, problems)
}

/** The new workers once all of them are new, or null when the reload was given up or took too long. */
async function replaced(
  target: CheckTarget,
  before: readonly number[],
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  let trialSeen = false
  let onlyOldSince = performance.now()
  const look = async () => {
    const current = await childrenOf(target.master.pid)
    const fresh = current.filter((pid) => !before.includes(pid))
    if (fresh.length > 0) {
      trialSeen = true
      onlyOldSince = performance.now()
    }
    if (fresh.length === target.workers && current.length === fresh.length) return fresh
    return trialSeen && performance.now() - onlyOldSince > givenUpAfter ? 'given up' : null
  }
  const found = await until(look, { within: replacedWithin, every: 25, signal })
  return found === 'given up' ? null : found
}

/** Waits until the load has gone on for a while, so that it covers the moment before and after. */
async function moreAnswers(count: () => LoadCount, signal: AbortSignal): Promise<void> {
  const so = count()
  const enough = () => (count().answered + count().lost >= so.answered + so.lost + 50 ? true : null)
  await until(enough, { within: 15_000, signal })
}
