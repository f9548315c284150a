import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { processorTime } from './processes.ts'

export type WrkOrder = {
  readonly wrk: string
  readonly port: number
  readonly path: string
  readonly seconds: number
  readonly connections?: number
  /** Whose processor time is to be counted. */
  readonly pids: () => readonly number[]
}

export type WrkResult = { readonly perSecond: number; readonly microseconds: number }

/** As a browser asks. */
const fields = [
  ...['User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0', 'Accept: */*'],
  ...['Accept-Language: en-GB,en;q=0.5', 'Cookie: session=0123456789abcdef'],
]

/** One round of wrk: answers a second, and the processor time of each. One thread, to leave the processors to the others. */
export async function runWrk({ wrk, port, path, seconds, connections = 32, pids }: WrkOrder): Promise<WrkResult> {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, ...fields.flatMap((field) => ['-H', field])]
  const before = processorTime(pids())
  const { stdout } = await promisify(execFile)(wrk, [...args, `http://127.0.0.1:${port}${path}`], {
    timeout: (seconds + 20) * 1000,
  })
  const used = processorTime(pids()) - before
  const answers = Number(/(\d+) requests in/.exec(stdout)?.[1])
  const wrong = /Non-2xx or 3xx responses: \d+|Socket errors: .*/.exec(stdout)?.[0]
  if (wrong !== undefined) throw new Error(`wrk at port ${port}${path}: ${wrong}`)
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), microseconds: used / answers }
}

/** Enough answers of one worker for V8 to have compiled what it will compile. */
const warm = 5000

/** Asks until all workers of a contender are warm, but not for ever; only once where figures count for nothing. */
export async function warmUp(order: WrkOrder, quick: boolean, workers = 2): Promise<void> {
  let answers = 0
  for (let round = 0; round < (quick ? 1 : 8) && answers < warm * workers; round += 1)
    answers += (await runWrk(order)).perSecond * order.seconds
}
