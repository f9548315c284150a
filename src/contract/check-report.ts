export type CheckStatus = 'pass' | 'warn' | 'fail' | 'skip'

/** What one check found, as `--json` prints it. Ids are stable. */
export type CheckResult = {
  readonly id: string
  readonly title: string
  readonly status: CheckStatus
  readonly expected: string
  readonly found: string
  /** A command that mends it when pasted, or null. */
  readonly fix: string | null
  /** What was done to know. */
  readonly how: string
}

export type CheckReport = {
  readonly ok: boolean
  readonly summary: Readonly<Record<CheckStatus, number>>
  readonly checks: readonly CheckResult[]
}
