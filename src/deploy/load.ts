import { Agent as PlainAgent } from 'node:http'
import { Agent as EncryptedAgent } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { ask, type Endpoint, type Question } from './client.ts'

export type LoadPlan = {
  readonly endpoint: Endpoint
  /** A page and the status it has when all is well. */
  readonly page: string
  readonly pageStatus: number
  /** A path that takes a POST and answers 200 with the length of the body. */
  readonly sink: string
}

export type LoadCount = {
  readonly answered: number
  readonly lost: number
  /** What went wrong, in words, most frequent first; the same words are counted once. */
  readonly reasons: readonly string[]
}

export type Load = {
  readonly count: () => LoadCount
  /** Lets the requests in flight finish and counts them. */
  readonly stop: () => Promise<LoadCount>
}

type Lane = { readonly kept: boolean; readonly post: boolean; readonly pauseMs: number }

/**
 * Kept-alive and fresh connections, pages and posts. Lanes of the same slow pace fire together: the proxy then holds
 * several idle connections to the workers, and a post sent on one that is just being closed cannot be repeated.
 */
const lanes: readonly Lane[] = [
  ...[2, 5].map((pauseMs) => ({ kept: true, post: false, pauseMs })),
  ...[2, 5, 10].map((pauseMs) => ({ kept: true, post: true, pauseMs })),
  { kept: false, post: false, pauseMs: 15 },
  { kept: false, post: true, pauseMs: 20 },
  ...[60, 250, 250, 250, 250, 1000, 1000].map((pauseMs) => ({ kept: true, post: true, pauseMs })),
]

/** Starts a steady load, and counts every request until it is stopped. */
export function startLoad(plan: LoadPlan): Load {
  const Agent = plan.endpoint.encrypted ? EncryptedAgent : PlainAgent
  const agent = new Agent({ keepAlive: true, maxSockets: lanes.length })
  const reasons = new Map<string, number>()
  let answered = 0
  let stopped = false
  const drive = async (lane: Lane) => {
    while (!stopped) {
      const reason = await sendOne(plan, lane, agent)
      if (reason === null) answered += 1
      else reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      if (!stopped) await pause(lane.pauseMs)
    }
  }
  const driven = lanes.map(drive)
  const count = () => tally(answered, reasons)
  return {
    count,
    stop: async () => {
      stopped = true
      await Promise.all(driven)
      agent.destroy()
      return count()
    },
  }
}

/** Sends one request of a lane; null when it was answered as it should be, else what came instead. */
async function sendOne(plan: LoadPlan, lane: Lane, agent: PlainAgent): Promise<string | null> {
  const body = Buffer.alloc(2000, 'x')
  const question: Question = lane.post ? { method: 'POST', path: plan.sink, body } : { path: plan.page }
  const expected = lane.post ? 200 : plan.pageStatus
  try {
    const answer = await ask(plan.endpoint, { ...question, ...(lane.kept ? { agent } : {}), within: 20_000 })
    if (answer.status !== expected) return `${question.method ?? 'GET'} answered with status ${answer.status}`
    if (lane.post && JSON.parse(answer.body).bytes !== body.length) return 'POST reached the worker incomplete'
    return null
  } catch (error) {
    return `${question.method ?? 'GET'} failed: ${error instanceof Error ? error.message : String(error)}`
  }
}

function tally(answered: number, reasons: ReadonlyMap<string, number>): LoadCount {
  const sorted = [...reasons].sort(([, left], [, right]) => right - left)
  return {
    answered,
    lost: sorted.reduce((sum, [, times]) => sum + times, 0),
    reasons: sorted.map(([reason, times]) => `${times} × ${reason}`),
  }
}
