import assert from 'node:assert/strict'
import type { CheckReport } from '../../../src/contract/check-report.ts'
import { noteFault } from '../../stack/check/matrix.ts'
import type { System } from '../system.ts'
import type { SystemFault } from './faults.ts'

type Machine = Pick<System, 'attempt' | 'run'>

const guestbook = '/srv/guestbook'

/** The report of a check on a machine. */
export async function check({ attempt }: Machine, flags: string, project = guestbook): Promise<CheckReport> {
  const command = `cd ${project} && tsicorn deploy --check --json ${flags}`
  const { stdout, stderr } = await attempt(command, { within: 120_000 })
  assert.match(stdout, /^\{/, stderr)
  return JSON.parse(stdout)
}

/** What failed or warned, each with what was found. */
export function complaints({ checks }: CheckReport): Readonly<Record<string, string>> {
  const bad = checks.filter(({ status }) => status === 'fail' || status === 'warn')
  return Object.fromEntries(bad.map(({ id, found }) => [id, found]))
}

/** Breaks a machine in one way, and insists that it is seen, named rightly, and mended by the fix as it stands. */
export async function seedAndMend(machine: Machine, fault: SystemFault): Promise<void> {
  const { words, layer, seenBy, make, fixes: pasted, before, after, undo, active = false } = fault
  const flags = `--layer ${layer}${active ? ' --active' : ''}`
  await machine.run(make)
  const report = await check(machine, flags)
  assert.deepEqual(
    Object.keys(complaints(report)).sort(),
    [...seenBy].sort(),
    JSON.stringify(complaints(report), null, 1),
  )
  const fixes = seenBy.map((seen) => report.checks.find(({ id }) => id === seen)?.fix ?? null)
  const chosen = new Set(pasted === 'each' ? fixes : fixes.slice(0, 1))
  assert.ok(![...chosen].includes(null) || after, `${seenBy.join(' and ')} say how to mend it`)
  for (const command of [before, ...chosen, after]) if (command != null) await machine.run(command, { within: 120_000 })
  const rest = complaints(await check(machine, `--layer ${layer}`))
  assert.deepEqual(rest, {}, `nothing is wrong after ${[...chosen].join('; ')}`)
  for (const [index, seen] of seenBy.entries()) {
    const fix = fixes[index] ?? null
    if (chosen.has(fix)) noteFault({ words, seenBy: seen, fix: fix ?? `by hand: ${after}`, clean: true })
  }
  if (undo !== undefined) await machine.run(undo, { within: 120_000 })
}
