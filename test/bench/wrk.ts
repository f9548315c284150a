import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { pause } from '../helpers/pause.ts'
import { settled } from '../helpers/until.ts'
import { rotated } from './bench.ts'
import { processorTime } from './processes.ts'

export type WrkOrder = {
  readonly wrk: string
  readonly port: number
  readonly path: string
  readonly connections?: number
  /** Whose processor time is to be counted. */
  readonly pids: () => readonly number[]
}

/** What was answered, in how many seconds, and the processor time that all of it took, in microseconds. */
type Count = { readonly answers: number; readonly seconds: number; readonly used: number }

export type WrkResult = { readonly perSecond: number; readonly microseconds: number }

/** As a browser asks. */
const fields = [
  ...['User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Accept: */*'],
  ...['Accept-Language: en-GB,en;q=0.5', 'Cookie: session=0123456789abcdef'],
]

/** Longest whole seconds of wrk, which is told to end before. */
const patience = 30

/** Asks for so long. One thread, to leave the processors to the others; wrk itself knows only whole seconds. */
async function count({ wrk, port, path, connections = 32, pids }: WrkOrder, ms: number): Promise<Count> {
  const args = ['-t1', `-c${connections}`, `-d${patience}s`, ...fields.flatMap((field) => ['-H', field])]
  const before = processorTime(pids())
  const child = spawn(wrk, [...args, `http://127.0.0.1:${port}${path}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const said = text(child.stdout)
  await pause(ms)
  child.kill('SIGINT')
  const report = await settled(said, { what: 'wrk to end', within: 20_000 }).finally(() => child.kill('SIGKILL'))
  const used = processorTime(pids()) - before
  const wrong = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(report)?.[0]
  if (wrong !== undefined) throw new Error(`wrk at port ${port}${path}: ${wrong}`)
  const [answers, perSecond] = [/(\d+) requests in/, /Requests\/sec:\s+([\d.]+)/].map((part) =>
    Number(part.exec(report)?.[1]),
  )
  if (!answers || !perSecond) throw new Error(`wrk at port ${port}${path} got no answer: ${report}`)
  return { answers, seconds: answers / perSecond, used }
}

/** Turns are short, since the speed of a machine that others share changes from one moment to the next. */
const turnMs = 250

/** Asks all of them in short turns, each turn in another order. */
export async function askInTurns<Stall>(
  stalls: readonly Stall[],
  orderOf: (stall: Stall) => WrkOrder,
  turns: number,
): Promise<ReadonlyMap<Stall, WrkResult>> {
  const sums = new Map(stalls.map((stall) => [stall, { answers: 0, seconds: 0, used: 0 }]))
  for (let turn = 0; turn < turns; turn += 1) {
    for (const stall of rotated(stalls, turn)) {
      const [sum, more] = [sums.get(stall), await count(orderOf(stall), turnMs)]
      if (sum !== undefined) for (const key of ['answers', 'seconds', 'used'] as const) sum[key] += more[key]
    }
  }
  const results = [...sums].map(([stall, { answers, seconds, used }]) => {
    return [stall, { perSecond: answers / seconds, microseconds: used / answers }] as const
  })
  return new Map(results)
}

export async function runWrk(order: WrkOrder, forSeconds = 1): Promise<WrkResult> {
  const { answers, seconds, used } = await count(order, forSeconds * 1000)
  return { perSecond: answers / seconds, microseconds: used / answers }
}

/** Answers of one worker after which a request costs it no less any more: V8 has compiled what it will compile. */
const warm = 15_000

/** Asks until all workers of a contender are warm, but not for ever; only a little where figures count for nothing. */
export async function warmUp(order: WrkOrder, quick: boolean, workers = 2): Promise<void> {
  let answers = 0
  for (let turn = 0; turn < (quick ? 1 : 20) && answers < warm * workers; turn += 1)
    answers += (await count(order, 500)).answers
}
