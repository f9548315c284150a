import type { CheckRow } from '../../../src/deploy/check.ts'

/** The checks that cannot say anything when one has failed, with their status: those that need it, and that need these. */
export function dependentsOf(checks: readonly CheckRow[], id: string): Readonly<Record<string, 'skip'>> {
  const lost = new Set([id])
  for (const check of checks) if (check.needs.some((need) => lost.has(need))) lost.add(check.id)
  return Object.fromEntries([...lost].slice(1).map((one) => [one, 'skip']))
}
