import { stripVTControlCharacters } from 'node:util'

export { escapeControl } from '../settings/escape.ts'

type Painter = (text: string) => string

/** Colours for one stream, or none. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', Painter>>

type Surroundings = Readonly<Record<string, string | undefined>>

/** Paint that colours only what a person will see: a terminal, unless NO_COLOR or FORCE_COLOR say otherwise. */
export function createPaint(stream: { readonly isTTY?: boolean }, env: Surroundings): Paint {
  const painter = wantsColour(stream, env) ? colour : plain
  return {
    bold: painter(1, 22),
    dim: painter(2, 22),
    red: painter(31, 39),
    green: painter(32, 39),
    yellow: painter(33, 39),
    cyan: painter(36, 39),
  }
}

// https://no-color.org; FORCE_COLOR wins over it, as in Node itself.
function wantsColour(stream: { readonly isTTY?: boolean }, env: Surroundings): boolean {
  const forced = env['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

function colour(open: number, close: number): Painter {
  return (text) => (text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`)
}

function plain(): Painter {
  return (text) => text
}

/** Lines whose columns are aligned, two spaces between them. Colours do not count as width. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell))
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell + padding(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** A line cut to so many characters; colours do not count, and none stays on. */
export function clip(line: string, most: number): string {
  if (width(line) <= most) return line
  let room = most
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with an escape
  const parts = line.match(/\u001b\[[\d;]*m|./gu) ?? []
  return parts.filter((part) => part.startsWith('\u001b') || room-- > 0).join('')
}

function padding(cell: string, columnWidth: number): string {
  return ' '.repeat(Math.max(0, columnWidth - width(cell)))
}

function width(cell: string): number {
  return [...stripVTControlCharacters(cell)].length
}
