import http from 'node:http'
import https from 'node:https'
import { type RequestOptions, request, type Target } from './http-request.ts'
import { until, type Waiting } from './until.ts'

export type LoadOptions = RequestOptions & {
  readonly target: Target
  readonly path?: string
  /** Kept-alive connections that each send the next request when the answer to the last is complete. */
  readonly connections?: number
  /** Requests a second that start whether or not earlier ones are answered, each on a connection of its own. */
  readonly rate?: number
  /** With a rate: while so many wait for their answers, no more are sent. What is in between has room for so many only. */
  readonly atOnce?: number
  /** The load ends by itself after so many requests: nothing a test starts is without bound. */
  readonly atMost?: number
}

export type LoadCount = {
  readonly sent: number
  readonly answered: number
  /** Number of answers by status. */
  readonly statuses: Readonly<Record<number, number>>
  /** What happened to each request that got no complete answer. */
  readonly lost: readonly string[]
}

export type Load = AsyncDisposable & {
  readonly count: () => LoadCount
  /** Waits until so many more requests are answered. */
  readonly progress: (answers: number, waiting?: Waiting) => Promise<void>
  /** Sends no more, waits for the answers that are due, and returns the count. */
  readonly stop: (waiting?: Waiting) => Promise<LoadCount>
}

/** Loads a server until stopped, and accounts for every request it sent. */
export function startLoad(options: LoadOptions): Load {
  const state = { sent: 0, open: 0, statuses: {} as Record<number, number>, lost: [] as string[], isStopped: false }
  const atMost = options.atMost ?? 100_000
  const send = async (agent: http.Agent | undefined) => {
    state.sent += 1
    state.open += 1
    try {
      const { status } = await request(options.target, options.path ?? '/', agent ? { ...options, agent } : options)
      state.statuses[status] = (state.statuses[status] ?? 0) + 1
    } catch (error) {
      state.lost.push(
        error instanceof Error ? `${'code' in error ? error.code : error.name}: ${error.message}` : String(error),
      )
    } finally {
      state.open -= 1
    }
  }
  const isOver = () => state.isStopped || state.sent >= atMost
  const agents = options.rate === undefined ? keepBusy(agentsFor(options), send, isOver) : []
  const isFull = () => state.open >= (options.atOnce ?? Number.POSITIVE_INFINITY)
  if (options.rate !== undefined) keepPace({ rate: options.rate, send, isOver, isFull })
  const answered = () => Object.values(state.statuses).reduce((sum, count) => sum + count, 0)
  const count = () => ({
    sent: state.sent,
    answered: answered(),
    statuses: { ...state.statuses },
    lost: [...state.lost],
  })
  const stop = async (waiting?: Waiting) => {
    state.isStopped = true
    await until(() => state.open === 0, { what: 'the last answers under load', within: 30_000, ...waiting })
    for (const agent of agents) agent.destroy()
    return count()
  }
  const progress = async (answers: number, waiting?: Waiting) => {
    const goal = answered() + answers
    await until(() => answered() >= goal, { what: `${answers} more answers under load`, ...waiting })
  }
  return { count, progress, stop, [Symbol.asyncDispose]: async () => void (await stop()) }
}

type Send = (agent: http.Agent | undefined) => Promise<void>

function agentsFor({ connections = 4, tls }: LoadOptions): readonly http.Agent[] {
  const options = { keepAlive: true, maxSockets: 1 }
  return Array.from({ length: connections }, () => (tls ? new https.Agent(options) : new http.Agent(options)))
}

function keepBusy(agents: readonly http.Agent[], send: Send, isOver: () => boolean): readonly http.Agent[] {
  return agents.map((agent) => {
    const goOn = async () => {
      // A turn of the event loop between two requests: refused connections must not starve the test itself.
      while (!isOver()) {
        await send(agent)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    void goOn()
    return agent
  })
}

type Pace = {
  readonly rate: number
  readonly send: Send
  readonly isOver: () => boolean
  readonly isFull: () => boolean
}

function keepPace({ rate, send, isOver, isFull }: Pace): void {
  const start = performance.now()
  let started = 0
  const timer = setInterval(() => {
    if (isOver()) return clearInterval(timer)
    for (const due = ((performance.now() - start) / 1000) * rate; started < due && !isOver(); started += 1)
      if (!isFull()) void send(undefined)
  }, 5)
}
