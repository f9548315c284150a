import { join } from 'node:path'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { settled } from '../helpers/until.ts'

const program = join(repository, 'test', 'bench', 'programs', 'generator.mjs')

export type LoadOrder = {
  readonly port: number
  /** Requests a second, at moments that the seed decides. */
  readonly rate: number
  readonly seconds: number
  readonly seed: number
  /** Share of requests that burn processor time, and share of those that have a body. */
  readonly heavy: number
  readonly posts: number
}

export type LoadResult = {
  readonly sent: number
  /** Requests that were due while too many others had no answer: the contender is overloaded. */
  readonly unsent: number
  /** Milliseconds from the moment a request was due until its answer was complete. */
  readonly times: {
    readonly fast: readonly number[]
    readonly heavy: readonly number[]
    readonly post: readonly number[]
  }
  readonly statuses: Readonly<Record<string, number>>
  /** Requests without an answer of 200. */
  readonly lost: number
  readonly how: readonly string[]
}

export type OpenLoad = {
  readonly result: Promise<LoadResult>
  /** Lets it send no more, and returns what became of the requests. */
  readonly stop: () => Promise<LoadResult>
}

/** Requests that come whether or not earlier ones are answered, from a process of its own. */
export function startOpenLoad(order: LoadOrder): OpenLoad {
  const env = cleanEnvironment()
  const group = spawnGroup(process.execPath, [program, JSON.stringify(order)], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  group.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  group.child.stdin?.on('error', () => undefined)
  const result = finish(group, () => text, order.seconds)
  result.catch(() => undefined)
  const stop = (): Promise<LoadResult> => {
    group.child.stdin?.end()
    return result
  }
  return { result, stop }
}

async function finish(group: ReturnType<typeof spawnGroup>, text: () => string, seconds: number): Promise<LoadResult> {
  try {
    await settled(group.ended, { what: 'the load to end', within: (seconds + 30) * 1000 })
    return JSON.parse(text()) as LoadResult
  } finally {
    await group.kill()
  }
}
