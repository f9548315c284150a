import { setMaxListeners } from 'node:events'
import type { CheckReport, CheckResult, CheckStatus } from '../contract/check-report.ts'
import type { Check, CheckRow, Verdict } from './check.ts'

export type RunOptions = {
  /** Called as soon as a result is known, in the order of the table. */
  readonly onResult?: (result: CheckResult) => void
  /** Called before a check is run. */
  readonly onStart?: (check: CheckRow) => void
  /** Whether checks are run that do something to the stack. They are, unless told otherwise. */
  readonly active?: boolean
  readonly signal?: AbortSignal
}

/** What became of a check, for those that need it. One that does not concern the stack stands in nobody's way. */
type Fate = 'met' | 'failed' | 'skipped' | 'exempt'

/**
 * Runs the checks one after the other, in the order of the table.
 * A check whose need was not met is skipped. One that throws or takes too long has failed; nothing is thrown.
 * After an abort the rest is not run, and the report ends there.
 */
export async function runChecks<Target>(
  checks: readonly Check<Target>[],
  target: Target,
  options: RunOptions = {},
): Promise<CheckReport> {
  const results: CheckResult[] = []
  const fates = new Map<string, Fate>()
  for (const check of checks) {
    if (options.signal?.aborted) break
    const exemption = check.exempt?.(target) ?? passive(check, options)
    const reason = exemption ?? unmetNeed(check, fates)
    if (reason === null) options.onStart?.(check)
    const result = reason === null ? await runOne(check, target, options.signal) : skipped(check, reason)
    if (options.signal?.aborted) break
    fates.set(check.id, fateOf(result.status, exemption !== null))
    results.push(result)
    options.onResult?.(result)
  }
  return summarize(results)
}

/** Counts the results. With `strict`, a warning counts as a failure for `ok`. */
export function summarize(checks: readonly CheckResult[], strict = false): CheckReport {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length
  const summary = { pass: count('pass'), warn: count('warn'), fail: count('fail'), skip: count('skip') }
  return { ok: summary.fail === 0 && !(strict && summary.warn > 0), summary, checks }
}

/** An exempt check stands in nobody's way, and so does one that was not asked for. */
function passive(check: CheckRow, { active = true }: RunOptions): string | null {
  return check.active && !active ? 'it does something to the stack; --active allows that' : null
}

function unmetNeed(check: CheckRow, fates: ReadonlyMap<string, Fate>): string | null {
  for (const need of check.needs) {
    const fate = fates.get(need) ?? 'skipped'
    if (fate === 'failed') return `needs ${need}, which failed`
    if (fate === 'skipped') return `needs ${need}, which was skipped`
  }
  return null
}

function fateOf(status: CheckStatus, exempt: boolean): Fate {
  if (exempt) return 'exempt'
  if (status === 'skip') return 'skipped'
  return status === 'fail' ? 'failed' : 'met'
}

async function runOne<Target>(
  check: Check<Target>,
  target: Target,
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  const late = new AbortController()
  const either = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal])
  // A check listens once for each request it has under way, and some have many.
  setMaxListeners(0, either)
  // Not AbortSignal.timeout, which does not keep the process alive: a check that waits for nothing would end it.
  const timer = setTimeout(() => late.abort(), check.within)
  const verdict = await Promise.race([attempt(check, target, either), expiry(check, either)])
  clearTimeout(timer)
  return { id: check.id, title: check.title, ...verdict, how: check.how }
}

async function attempt<Target>(check: Check<Target>, target: Target, signal: AbortSignal): Promise<Verdict> {
  try {
    return await check.run(target, signal)
  } catch (error) {
    return unknown(check, error instanceof Error ? error.message : String(error))
  }
}

function expiry<Target>(check: Check<Target>, signal: AbortSignal): Promise<Verdict> {
  return new Promise((resolve) => {
    const give = () => resolve(unknown(check, `not known after ${check.within / 1000} s`))
    signal.addEventListener('abort', give, { once: true })
  })
}

function unknown(check: CheckRow, found: string): Verdict {
  return { status: 'fail', expected: check.title, found, fix: null }
}

function skipped(check: CheckRow, reason: string): CheckResult {
  const { id, title, how } = check
  return { id, title, status: 'skip', expected: title, found: reason, fix: null, how }
}
