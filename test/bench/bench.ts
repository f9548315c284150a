import type { TempDir } from '../helpers/temp-dir.ts'
import type { Part } from './report.ts'
import type { Tools } from './tools.ts'

/** What every part is given. */
export type Bench = {
  readonly tools: Tools
  readonly dir: TempDir
  /** Only to see that it runs. */
  readonly quick: boolean
  readonly rounds: number
  /** How often each contender is asked in a round, for a short time. */
  readonly turns: number
  readonly workers: number
  readonly say: (line: string) => void
}

export type Run = (bench: Bench) => Promise<Part>

/** A contender that does not start is said and left out; the others are compared all the same. */
export async function orNone<Value>(bench: Bench, starting: Promise<Value>): Promise<Value | null> {
  try {
    return await starting
  } catch (error) {
    bench.say(error instanceof Error ? error.message : String(error))
    return null
  }
}

/** The contenders in another order in each round, so that none always comes after the same. */
export function rotated<Item>(items: readonly Item[], round: number): readonly Item[] {
  const at = items.length === 0 ? 0 : round % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}

/**
 * Rounds where each has processes of its own. Of two processes of the same program one may take half as much again as the
 * other for as long as it lives: a median needs more of them.
 */
export function roundsOf({ rounds, quick }: Bench): number {
  return quick ? rounds : rounds + 2
}
