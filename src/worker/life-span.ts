import type { ServerConfig } from '../settings/server-table.ts'

/** How much one worker may do and hold before it asks for a successor. */
export type LifeSpan = { readonly requests: number; readonly rssBytes: number }

/** The limits of this worker; the jitter is drawn once. */
export function lifeSpan({ maxRequests, maxRequestsJitter, maxMemory }: ServerConfig): LifeSpan {
  const requests = maxRequests === 0 ? Number.POSITIVE_INFINITY : maxRequests + upTo(maxRequestsJitter)
  return { requests, rssBytes: maxMemory ?? Number.POSITIVE_INFINITY }
}

function upTo(most: number): number {
  return Math.floor(Math.random() * (most + 1))
}

/** Which limit is reached, or null. */
export function whyDue(limits: LifeSpan, { requests, rssBytes }: LifeSpan): 'max-requests' | 'max-memory' | null {
  if (requests >= limits.requests) return 'max-requests'
  return rssBytes > limits.rssBytes ? 'max-memory' : null
}

/** The longest and the shortest pause between two looks at the number of requests, in milliseconds. */
const look = { longest: 50, shortest: 2 } as const

/** How much of the pace of one look is still expected at the next. */
const calming = 0.8

/** When to look at the number again: half-way to the limit at the pace of late, which may rise meanwhile. */
export function nextLook(remaining: number, perMs: number): number {
  return Math.max(look.shortest, Math.min(look.longest, remaining / perMs / 2))
}

type Count = { readonly read: () => number; readonly limit: number; readonly reached: () => void }

/** Calls `reached` soon after the number of requests has reached the limit, which costs the requests nothing. */
export function watchCount({ read, limit, reached }: Count): void {
  if (limit === Number.POSITIVE_INFINITY) return
  const again = (before: number, since: number, pace: number): void => {
    const [now, time] = [read(), performance.now()]
    if (now >= limit) return reached()
    // On a busy machine requests come in bursts: a look that sees none does not yet mean rest.
    const paceNow = Math.max((now - before) / Math.max(1, time - since), pace * calming)
    setTimeout(again, nextLook(limit - now, paceNow), now, time, paceNow).unref()
  }
  again(read(), performance.now(), 0)
}
