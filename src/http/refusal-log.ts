import type { LogFields } from '../log/logger.ts'
import type { Clock } from './clock.ts'
import { pathOf } from './path-of.ts'
import type { Refusal } from './refusals.ts'

/** What is known of a request that was refused; the parser may not have got as far as its method. */
export type Refused = { readonly client: string | undefined; readonly method?: string; readonly url?: string }

export type RefusalLog = { readonly tell: (refusal: Refusal, about: Refused) => void; readonly count: () => number }

export type RefusalLogOptions = {
  readonly write: (fields: LogFields, message: string) => void
  readonly clock: Pick<Clock, 'now'>
  /** Calls back after so many milliseconds. */
  readonly later: (act: () => void, ms: number) => void
}

/** Whoever floods the server must not fill its disk: so many lines in so many milliseconds, the rest is counted. */
const [most, windowMs] = [20, 10_000] as const

/** Says of each refusal why, and of a flood of them how many. */
export function createRefusalLog({ write, clock, later }: RefusalLogOptions): RefusalLog {
  let total = 0
  let begun = Number.NEGATIVE_INFINITY
  let told = 0
  let untold = new Map<number, number>()
  const sum = (): void => {
    const statuses = Object.fromEntries(untold)
    const count = [...untold.values()].reduce((all, one) => all + one, 0)
    untold = new Map()
    const parts = Object.entries(statuses).map(([status, of]) => `${of} with ${status}`)
    write({ event: 'request.refused-more', count, statuses }, `refused ${count} more requests: ${parts.join(', ')}`)
  }
  const tell = (refusal: Refusal, about: Refused): void => {
    total += 1
    if (clock.now - begun >= windowMs) {
      begun = clock.now
      told = 0
    }
    told += 1
    if (told <= most)
      return write({ event: 'request.refused', ...refusal, ...tellable(about) }, inWords(refusal, about))
    if (untold.size === 0) later(sum, windowMs)
    untold.set(refusal.status, (untold.get(refusal.status) ?? 0) + 1)
  }
  return { tell, count: () => total }
}

function tellable({ client, method, url }: Refused): Readonly<Record<string, string | undefined>> {
  return { client, method, path: url === undefined ? undefined : pathOf(url) }
}

function inWords({ status, reason }: Refusal, { client, method }: Refused): string {
  const from = client === undefined ? '' : ` from ${client}`
  return `refused a ${method === undefined ? '' : `${method} `}request${from} with ${status}: ${reason}`
}
