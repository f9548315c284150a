import type { GridClass } from './classes.ts'
import { contract, endings, type LineId } from './contract.ts'
import type { Framework } from './frameworks.ts'
import { type Cell, type WayName, ways } from './run.ts'

/** All that was asked of one framework, or why nothing could be. */
export type Column = {
  readonly framework: Framework
  readonly version: string | null
  readonly cells: readonly Cell[]
  readonly missing: string | null
}

export const lines: readonly { readonly id: LineId; readonly asks: string }[] = [
  ...contract,
  ...Object.entries(endings).map(([id, asks]) => ({ id: id as LineId, asks })),
]

/** All that was asked with one worker class. */
export type Grid = { readonly workerClass: GridClass; readonly columns: readonly Column[] }

const letters: Readonly<Record<WayName, string>> = { tcp: 'T', unix: 'U', nginx: 'N' }
/** So many columns stand side by side. */
const widest = 9

/** A letter for each way over which the line is kept, `-` where it cannot be asked, `?` where it was not, `!` where it failed. */
export function mark({ cells, missing }: Column, line: LineId): string {
  if (missing !== null) return '?'
  const own = cells.filter((cell) => cell.line === line)
  if (own.length > 0 && own.every(({ outcome }) => outcome === 'none')) return '-'
  return ways
    .map((way) => {
      const cell = own.find((candidate) => candidate.way === way)
      return cell === undefined ? '?' : cell.outcome === 'pass' ? letters[way] : '!'
    })
    .join('')
}

/** The grid as aligned tables, a column for each framework; as Markdown they read the same. */
export function table(columns: readonly Column[]): string {
  const blocks: string[] = []
  for (let at = 0; at < columns.length; at += widest) {
    const part = columns.slice(at, at + widest)
    const rows = [
      ['', ...part.map(({ framework }) => framework.id)],
      ...lines.map(({ id }) => [id, ...part.map((column) => mark(column, id))]),
    ]
    blocks.push(align(rows))
  }
  return blocks.join('\n\n')
}

export function align(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const [head = [], ...rest] = rows
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rest.map(line)].join('\n')
}

/** How much of what can be asked of each framework is kept with each worker class. */
export function classTable(grids: readonly Grid[]): string {
  const names = grids[0]?.columns.map(({ framework }) => framework.id) ?? []
  const rows = names.map((name, at) => [name, ...grids.map(({ columns }) => score(columns[at]))])
  return align([['', ...grids.map(({ workerClass }) => workerClass.id)], ...rows])
}

function score(column: Column | undefined): string {
  if (column === undefined || column.missing !== null) return '?'
  const asked = column.cells.filter(({ outcome }) => outcome !== 'none')
  return `${asked.filter(({ outcome }) => outcome === 'pass').length} of ${asked.length}`
}

/** Why something cannot be asked with a worker class. */
export function classReasons(
  grids: readonly Grid[],
): readonly (readonly [workerClass: string, line: string, why: string])[] {
  return grids.flatMap(({ workerClass }) =>
    Object.entries(workerClass.without).map(([line, why]) => [workerClass.id, line, why] as const),
  )
}

/** Why what cannot be asked cannot be asked; one row for each framework and reason. */
export function reasons(
  columns: readonly Column[],
): readonly (readonly [framework: string, lines: string, why: string])[] {
  return columns.flatMap(({ framework, missing }) => {
    if (missing !== null) return [[framework.id, 'all', `not to be had: ${missing}`] as const]
    const whys = [...new Set(Object.values(framework.without))]
    return whys.map((why) => {
      const ids = Object.entries(framework.without).flatMap(([id, own]) => (own === why ? [id] : []))
      return [framework.id, ids.join(', '), why] as const
    })
  })
}
