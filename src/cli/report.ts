import type { CheckReport, CheckResult, CheckStatus } from '../contract/check-report.ts'
import { columns, escapeControl, type Paint } from './paint.ts'

/** What a reader needs of the table of checks besides the results. */
export type ReportRow = { readonly id: string; readonly group: string; readonly title: string }

export type Reporter = {
  /** The lines for one more result: itself, and before the first of a group its heading. */
  readonly lines: (result: CheckResult) => readonly string[]
}

/** Writes results as they come, aligned as if all were known: the table says how wide the widest will be. */
export function createReporter(rows: readonly ReportRow[], paint: Paint): Reporter {
  let current = ''
  const [widest = ''] = rows.map(({ title }) => title).sort((left, right) => right.length - left.length)
  const [longest = ''] = rows.map(({ id }) => id).sort((left, right) => right.length - left.length)
  const lines = (result: CheckResult) => {
    const group = rows.find(({ id }) => id === result.id)?.group ?? ''
    const heading = group === current ? [] : ['', paint.bold(group)]
    current = group
    const remark = result.status === 'skip' ? paint.dim(escapeControl(result.found)) : ''
    const cells = [statusWord(result.status, paint), result.title, paint.dim(result.id), remark]
    const [line = ''] = columns([cells, ['', widest, longest, '']])
    return [...heading, `  ${line}`]
  }
  return { lines }
}

/** What went wrong, each with what was expected, what was found, how that is known and what mends it; failures last. */
export function formatProblems(report: CheckReport, paint: Paint): readonly string[] {
  const withStatus = (status: CheckStatus) => report.checks.filter((check) => check.status === status)
  return [...withStatus('warn'), ...withStatus('fail')].flatMap((check) => {
    const rows = [
      ['expected', check.expected],
      ['found', check.found],
      ['known by', check.how],
      ...(check.fix === null ? [] : [['fix', check.fix]]),
    ].map(([word = '', text = '']) => [paint.dim(word), escapeControl(text)])
    const title = `${statusWord(check.status, paint)}  ${paint.bold(check.id)}  ${check.title}`
    return ['', title, ...columns(rows).map((line) => `      ${line}`)]
  })
}

/** One line: how many there are of each. */
export function formatSummary({ summary }: CheckReport, paint: Paint): string {
  const parts = [
    summary.pass > 0 ? paint.green(`${summary.pass} passed`) : '0 passed',
    ...(summary.warn > 0 ? [paint.yellow(`${summary.warn} ${summary.warn === 1 ? 'warning' : 'warnings'}`)] : []),
    summary.fail > 0 ? paint.red(`${summary.fail} failed`) : '0 failed',
    ...(summary.skip > 0 ? [`${summary.skip} skipped`] : []),
  ]
  return parts.join(', ')
}

/** The report for machines, ended by a newline. */
export function formatJson(report: CheckReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

function statusWord(status: CheckStatus, paint: Paint): string {
  const painted = { pass: paint.green, warn: paint.yellow, fail: paint.red, skip: paint.dim }
  return painted[status](status)
}
