import { slowness } from './slowness.ts'

/** The longest a fact is waited for unless the caller says otherwise, in milliseconds: a bound, not an expectation. */
const patience = 15_000

/** The longest pause between two questions, in milliseconds. */
const longestRest = 1000

export type Waiting = {
  /** Milliseconds after which the wait is given up. */
  readonly within?: number
  /** What is waited for, in words; the text of the fact otherwise. */
  readonly what?: string
}

/**
 * Asks for a fact again and again until it is truthy, and returns it. A fact that throws is not true yet.
 * No more than half the time goes into asking: what is asked may be as busy as the machine is slow.
 * Gives up by throwing an error that names what was waited for and what was seen last.
 */
export async function until<Value>(
  fact: () => Value | Promise<Value>,
  waiting: Waiting = {},
): Promise<Exclude<Value, false | null | undefined | 0 | ''>> {
  const within = (waiting.within ?? patience) * slowness
  const start = performance.now()
  let last: unknown
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 50)) {
    const asked = performance.now()
    try {
      const value = await fact()
      if (value) return value as Exclude<Value, false | null | undefined | 0 | ''>
      last = value
    } catch (error) {
      last = error
    }
    const now = performance.now()
    if (now - start >= within) break
    const rest = Math.max(pause, Math.min(now - asked, longestRest))
    await new Promise((resolve) => setTimeout(resolve, rest))
  }
  const seen = last instanceof Error ? last.message : String(last)
  throw new Error(`waited ${within} ms for: ${waiting.what ?? fact.toString()}\nlast seen: ${seen}`, { cause: last })
}

/** What a promise settles to, or an error that names what was waited for. */
export async function settled<Value>(promise: Promise<Value>, waiting: Waiting = {}): Promise<Value> {
  let outcome: { value: Value } | { error: unknown } | undefined
  promise.then(
    (value) => {
      outcome = { value }
    },
    (error: unknown) => {
      outcome = { error }
    },
  )
  const end = await until(() => outcome, { what: 'a promise to settle', ...waiting })
  if ('error' in end) throw end.error
  return end.value
}
