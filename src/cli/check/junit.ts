import type { CheckReport, CheckResult } from '../../contract/check-report.ts'
import type { CheckRow } from '../../deploy/check.ts'
import { escapeControl } from '../paint.ts'

/** A report as JUnit's XML, which most build servers read: a suite for each group. Ended by a newline. */
export function formatJunit(report: CheckReport, rows: readonly CheckRow[]): string {
  const groups = [...new Set(rows.map(groupOf))]
  const suites = groups.flatMap((group) => {
    const inside = report.checks.filter((check) => rows.some((row) => row.id === check.id && groupOf(row) === group))
    return inside.length === 0 ? [] : suite(group, inside)
  })
  const { pass, warn, fail, skip } = report.summary
  const counts = `tests="${pass + warn + fail + skip}" failures="${fail}" skipped="${skip}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="tsicorn" ${counts}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function groupOf({ layer, group }: CheckRow): string {
  return `${layer}: ${group}`
}

function suite(name: string, checks: readonly CheckResult[]): readonly string[] {
  const count = (status: string) => checks.filter((check) => check.status === status).length
  return [
    `  <testsuite name="${safe(name)}" tests="${checks.length}" failures="${count('fail')}" skipped="${count('skip')}">`,
    ...checks.flatMap(testcase),
    '  </testsuite>',
  ]
}

function testcase({ id, title, status, expected, found, fix, how }: CheckResult): readonly string[] {
  const opening = `    <testcase classname="tsicorn" name="${safe(`${id}: ${title}`)}"`
  const words = [
    `expected: ${expected}`,
    `found: ${found}`,
    `known by: ${how}`,
    ...(fix === null ? [] : [`fix: ${fix}`]),
  ]
  if (status === 'pass') return [`${opening}/>`]
  if (status === 'skip') return [`${opening}>`, `      <skipped message="${safe(found)}"/>`, '    </testcase>']
  const body = safe(words.join('\n'))
  const inner =
    status === 'fail'
      ? `<failure message="${safe(found)}">${body}</failure>`
      : `<system-out>warning\n${body}</system-out>`
  return [`${opening}>`, `      ${inner}`, '    </testcase>']
}

// XML 1.0 cannot hold control characters (2.2, Char), so they come as they would on a terminal; lines stay lines.
function safe(text: string): string {
  const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  const lines = text.split('\n').map(escapeControl)
  return lines.map((line) => line.replaceAll(/[&<>"]/g, (mark) => marks[mark] ?? mark)).join('&#10;')
}
