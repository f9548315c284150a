import assert from 'node:assert/strict'
import type { CheckReport } from '../../../src/contract/check-report.ts'
import { noteFault } from '../../stack/check/matrix.ts'
import type { System } from '../system.ts'
import type { SystemFault } from './faults.ts'

type Machine = Pick<System, 'attempt' | 'run'>

const command = 'cd /srv/guestbook && tsicorn deploy --check --json'

/** The report of a check on a machine. */
export async function check({ attempt }: Machine, flags: string): Promise<CheckReport> {
  const { stdout, stderr } = await attempt(`${command} ${flags}`, { within: 120_000 })
  assert.match(stdout, /^\{/, stderr)
  return JSON.parse(stdout)
}

/** What failed or warned, each with what was found. */
export function complaints({ checks }: CheckReport): Readonly<Record<string, string>> {
  const bad = checks.filter(({ status }) => status === 'fail' || status === 'warn')
  return Object.fromEntries(bad.map(({ id, found }) => [id, found]))
}

/** Breaks a machine in one way, and insists that it is seen, named rightly, and mended by the fix as it stands. */
export async function seedAndMend(machine: Machine, { words, layer, seenBy, make, after }: SystemFault): Promise<void> {
  await machine.run(make)
  const report = await check(machine, `--layer ${layer}`)
  assert.deepEqual(
    Object.keys(complaints(report)).sort(),
    [...seenBy].sort(),
    JSON.stringify(complaints(report), null, 1),
  )
  const fix = report.checks.find(({ id }) => id === seenBy[0])?.fix
  assert.ok(fix, `${seenBy[0]} says how to mend it`)
  await machine.run(fix, { within: 120_000 })
  if (after !== undefined) await machine.run(after, { within: 120_000 })
  assert.deepEqual(complaints(await check(machine, `--layer ${layer}`)), {}, `nothing is wrong after ${fix}`)
  noteFault({ words, seenBy: seenBy[0], fix, clean: true })
}
