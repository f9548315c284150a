import type { CheckStatus } from '../contract/check-report.ts'
import type { CheckTarget } from './target.ts'

export type Verdict = {
  readonly status: Exclude<CheckStatus, 'skip'>
  readonly expected: string
  readonly found: string
  /** A command that mends it when pasted. */
  readonly fix: string | null
}

/** What a check looks at: files at rest, the host around them, or the stack as it runs. */
export type Layer = 'files' | 'host' | 'live'

/** The layers in the order in which they are looked at. */
export const layers = ['files', 'host', 'live'] as const satisfies readonly Layer[]

/** What is told of a check beside what it does: reports and documentation are made of it. */
export type CheckRow = {
  /** Stable; people and machines refer to it. */
  readonly id: string
  readonly layer: Layer
  /** The heading it stands under in a report. */
  readonly group: string
  readonly title: string
  /** What goes wrong for whom where this is not true. */
  readonly why: string
  /** What is done to know. */
  readonly how: string
  /** Ids of checks without which this one could say nothing. They stand before it in the table. */
  readonly needs: readonly string[]
  /** Does something to the stack, such as a reload: on a live host only when asked for. */
  readonly active: boolean
}

/** One row of a table of checks. Reports, documentation and exit status are derived from it. */
export type Check<Target = CheckTarget> = CheckRow & {
  /** How many milliseconds it may take. */
  readonly within: number
  /** Why there is nothing to check here, or null. */
  readonly exempt?: (target: Target) => string | null
  readonly run: (target: Target, signal: AbortSignal) => Promise<Verdict>
}

/** All as it should be. */
export function pass(expected: string, found: string): Verdict {
  return { status: 'pass', expected, found, fix: null }
}

/** Not as it should be. */
export function fail(expected: string, found: string, fix: string | null = null): Verdict {
  return { status: 'fail', expected, found, fix }
}

/** Not as one would wish, and yet it works. */
export function warn(expected: string, found: string, fix: string | null = null): Verdict {
  return { status: 'warn', expected, found, fix }
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
