import { Failure } from '../contract/errors.ts'
import { describeError } from './describe-error.ts'
import { likelyCause } from './likely-cause.ts'
import { orIdle } from './or-idle.ts'

/** Does something that runs the application's code; whatever goes wrong there is a Failure APP_LOAD that begins with the words. */
export async function blame<Value>(words: string, act: () => Promise<Value>): Promise<Value> {
  const stuck = (): Failure =>
    new Failure('APP_LOAD', `${words}: it waits for a promise that nothing is left to settle`, {
      fix: 'Look for an await, perhaps at the top level of a module, whose promise is never resolved.',
    })
  try {
    return await orIdle(act(), stuck)
  } catch (error) {
    throw error instanceof Failure ? error : loadFailure(words, error)
  }
}

export function loadFailure(words: string, error: unknown): Failure {
  const cause = likelyCause(error)
  const message = `${words}: ${describeError(error)}${cause === null ? '' : `. Likely cause: ${cause.because}`}`
  return new Failure('APP_LOAD', message, cause === null ? { cause: error } : { cause: error, fix: cause.fix })
}
