import { Failure } from '../../src/contract/errors.ts'

/** The failure an act is refused with. An act that succeeds, or throws anything else, fails the test. */
export function failureOf(act: () => unknown): Failure {
  try {
    act()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('nothing was refused')
}
