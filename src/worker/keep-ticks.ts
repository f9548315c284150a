import { executionAsyncResource } from 'node:async_hooks'

const kept = new Set<object>()

/**
 * Keeps one of the objects in which Node.js notes a call of `process.nextTick`. Without any, a garbage collection at a
 * quiet moment takes their shape along, after which V8 makes each of them by its slowest path for the rest of the process
 * (its feedback of that literal has lost its map): measured at a seventh of what an answer of Fastify costs.
 */
export function keepTicks(): void {
  process.nextTick(() => void kept.add(executionAsyncResource()))
}
