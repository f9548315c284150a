import type { CheckStatus } from '../contract/check-report.ts'
import type { CheckTarget } from './target.ts'

export type Verdict = {
  readonly status: Exclude<CheckStatus, 'skip'>
  readonly expected: string
  readonly found: string
  /** A command that mends it when pasted. */
  readonly fix: string | null
}

/** One row of the table of checks. Reports, documentation and exit status are derived from it. */
export type Check = {
  /** Stable; people and machines refer to it. */
  readonly id: string
  /** The heading it stands under in a report. */
  readonly group: string
  readonly title: string
  /** What goes wrong for whom where this is not true. */
  readonly why: string
  /** What is done to know. */
  readonly how: string
  /** Ids of checks without which this one could say nothing. They stand before it in the table. */
  readonly needs: readonly string[]
  /** How many milliseconds it may take. */
  readonly within: number
  /** Why there is nothing to check here, or null. */
  readonly exempt?: (target: CheckTarget) => string | null
  readonly run: (target: CheckTarget, signal: AbortSignal) => Promise<Verdict>
}

/** All as it should be. */
export function pass(expected: string, found: string): Verdict {
  return { status: 'pass', expected, found, fix: null }
}

/** Not as it should be. */
export function fail(expected: string, found: string, fix: string | null = null): Verdict {
  return { status: 'fail', expected, found, fix }
}

/** Passes without problems; otherwise fails and says them all. */
export function judge(
  expected: string,
  found: string,
  problems: readonly string[],
  fix: string | null = null,
): Verdict {
  return problems.length === 0 ? pass(expected, found) : fail(expected, problems.join('; '), fix)
}
