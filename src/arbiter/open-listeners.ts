import { Failure } from '../contract/errors.ts'
import type { Draft } from './listener-book.ts'

/**
 * How long a taken address is tried again, in milliseconds: workers of a master that was killed hold its sockets for up
 * to two seconds, when their event loop is stuck.
 */
const patienceMs = 2500
const pauseMs = 100

/** Opens the listeners of a start. An address may still be held by what an earlier master left behind, which is about to go. */
export async function openListeners(prepare: () => Promise<Draft>): Promise<Draft> {
  for (const end = performance.now() + patienceMs; ; ) {
    try {
      return await prepare()
    } catch (error) {
      const mayPass = error instanceof Failure && error.code === 'BIND_IN_USE' && performance.now() < end
      if (!mayPass) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}
