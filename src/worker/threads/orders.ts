import type { ToMaster } from '../../contract/messages.ts'
import { describeError } from '../describe-error.ts'
import type { LifeSpan } from '../life-span.ts'
import type { Start } from '../start-up.ts'

/**
 * What the thread of a number is to do. It has descriptors of its own; requests are counted for all threads together, and
 * the memory of the process by the main thread.
 */
export function startOf(order: Start, number: number, limits: LifeSpan): Start {
  const { config, listeners } = order
  const maxRequests = limits.requests === Number.POSITIVE_INFINITY ? 0 : limits.requests
  return {
    ...order,
    config: { ...config, maxRequests, maxRequestsJitter: 0, maxMemory: null },
    listeners: listeners.map((listener) => ({ ...listener, fd: listener.fd + (number - 1) * listeners.length })),
  }
}

/** What is told of a thread that has ended before it was ready. */
export function unbooted(number: number, code: number, error: unknown): Extract<ToMaster, { type: 'failed' }> {
  const why = error === null ? '' : `: ${describeError(error)}`
  const message = `thread ${number} ended with status ${code} before it was ready${why}`
  return { type: 'failed', stage: 'load', message, fix: null }
}
