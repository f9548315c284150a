import { Failure } from '../contract/errors.ts'
import type { Draft } from './listener-book.ts'

/**
 * How long an address is tried again that workers of a killed master hold, in milliseconds: those whose event loop is
 * stuck do so for up to two seconds, and for longer where the machine is busy.
 */
const patienceMs = 5000
const pauseMs = 100

/** Opens the listeners of a start. Whoever else has an address keeps it, and that is said at once. */
export async function openListeners(prepare: () => Promise<Draft>): Promise<Draft> {
  for (const end = performance.now() + patienceMs; ; ) {
    try {
      return await prepare()
    } catch (error) {
      if (!(error instanceof Failure && error.mayPass && performance.now() < end)) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}
