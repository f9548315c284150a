import { digits, spreadOf } from './figures.ts'
import { type Claim, type Goal, isMet, type Measure, type Part, type Report } from './report.ts'

/** A report as aligned text; every block is also Markdown. */
export function show(report: Report): string {
  const { machine, versions, skipped, quick, minutes, parts } = report
  return [
    `Machine: ${machine}`,
    `Versions: ${versions.join(', ')}`,
    ...skipped.map((line) => `Skipped: ${line}`),
    ...(quick ? ['A quick run, to see that it runs: too short for figures.'] : []),
    ...parts.flatMap((part) => ['', `## ${part.title}`, '', showPart(part)]),
    '',
    `${minutes.toFixed(1)} minutes. Medians of all rounds, with the least and the most; rounds alternate, and a ratio is of the same round.`,
  ].join('\n')
}

export function showPart({ notes, measures, claims }: Part): string {
  return [
    ...notes.map((note) => `${note}\n`),
    ...(measures.length === 0 ? [] : [measureTable(measures)]),
    ...(claims.length === 0 ? [] : ['', claimTable(claims)]),
  ].join('\n')
}

function measureTable(measures: readonly Measure[]): string {
  const rows = measures.map(({ what, who, unit, samples }) => {
    const { median, low, high } = spreadOf(samples)
    return [what, who, digits(median), `${digits(low)} - ${digits(high)}`, unit]
  })
  return align([['what', 'who', 'median', 'least - most', 'unit'], ...rows], [2])
}

function claimTable(claims: readonly Claim[]): string {
  const rows = claims.map((claim) => {
    const { median, low, high } = spreadOf(claim.samples)
    const met = isMet(claim)
    const verdict = met === null ? '' : met ? 'met' : 'MISSED'
    const text = (value: number) => (claim.unit === '' ? value.toFixed(3) : `${digits(value)} ${claim.unit}`)
    return [claim.what, text(median), `${text(low)} - ${text(high)}`, goalText(claim.goal), verdict]
  })
  return align([['compared', 'median', 'least - most', 'goal', ''], ...rows], [1])
}

function goalText(goal: Goal | null): string {
  if (goal === null) return ''
  return 'least' in goal ? `at least ${goal.least}` : `at most ${goal.most}`
}

/** Columns that read well as they are and as Markdown. */
function align(rows: readonly (readonly string[])[], right: readonly number[]): string {
  const [head = [], ...rest] = rows
  const widths = head.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]): string => {
    const cells = widths.map((width, column) =>
      right.includes(column) ? (row[column] ?? '').padStart(width) : (row[column] ?? '').padEnd(width),
    )
    return `| ${cells.join(' | ')} |`
  }
  const rule = `|${widths.map((width, column) => `${'-'.repeat(width + 1)}${right.includes(column) ? ':' : '-'}`).join('|')}|`
  return [line(head), rule, ...rest.map(line)].join('\n')
}
