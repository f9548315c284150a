import { randomInt } from 'node:crypto'
import type { ServerConfig } from '../settings/server-table.ts'

/** How much one worker may do and hold before it asks for a successor. */
export type LifeSpan = { readonly requests: number; readonly rssBytes: number }

/** The limits of this worker; the jitter is drawn once. */
export function lifeSpan({ maxRequests, maxRequestsJitter, maxMemory }: ServerConfig): LifeSpan {
  const requests = maxRequests === 0 ? Number.POSITIVE_INFINITY : maxRequests + randomInt(maxRequestsJitter + 1)
  return { requests, rssBytes: maxMemory ?? Number.POSITIVE_INFINITY }
}

/** Which limit is reached, or null. */
export function whyDue(limits: LifeSpan, { requests, rssBytes }: LifeSpan): 'max-requests' | 'max-memory' | null {
  if (requests >= limits.requests) return 'max-requests'
  return rssBytes > limits.rssBytes ? 'max-memory' : null
}
