import type { Option } from 'commander'
import type { Paint } from './paint.ts'

/** What the help of one command says besides its options. */
export type Page = {
  /** One line: what the command does. */
  readonly about: string
  /** How it is called, and what that does. */
  readonly usage: readonly Row[]
  /** Sections after the options, each a heading with rows or a paragraph. */
  readonly notes: readonly Note[]
}
export type Row = readonly [term: string, meaning: string]
export type Note = { readonly heading: string; readonly rows?: readonly Row[]; readonly text?: string }

// Longer terms have a line to themselves, so that they do not push all the others aside.
const widestOption = 30
const widestTerm = 46
const narrowest = 30
const indent = '  '

/** How to write: in which colours, and how many characters fit a line. */
export type Look = { readonly paint: Paint; readonly width: number }

/** The help of a command: one line of what it is, usage, options by section, and what else a reader needs to know. */
export function formatHelp({ about, usage, notes }: Page, options: readonly Option[], look: Look): string {
  const sections = optionSections(options)
  const column = widthOf(
    sections.flatMap(({ rows }) => rows),
    widestOption,
  )
  const blocks = [
    wrap(about, look.width).join('\n'),
    formatSection({ heading: 'Usage', rows: usage }, look),
    ...sections.map((section) => formatSection(section, look, column)),
    ...notes.map((note) => formatSection(note, look)),
  ]
  return `${blocks.join('\n\n')}\n`
}

function optionSections(options: readonly Option[]): readonly Required<Omit<Note, 'text'>>[] {
  const sections = new Map<string, Row[]>()
  for (const option of options) {
    const heading = option.helpGroupHeading ?? 'Options'
    const rows = sections.get(heading) ?? []
    sections.set(heading, [...rows, [optionTerm(option), option.description]])
  }
  return [...sections].map(([heading, rows]) => ({ heading, rows }))
}

/** Options without a short form stand under the long forms of the others. */
function optionTerm(option: Option): string {
  const term = option.flags.replace(/[<>]/g, '')
  return option.short === undefined ? `    ${term}` : term
}

function formatSection({ heading, rows = [], text }: Note, look: Look, column = widthOf(rows, widestTerm)): string {
  const lines = [look.paint.bold(heading), ...rows.flatMap((row) => layRow(row, column, look))]
  if (text !== undefined) lines.push(...wrap(text, look.width - indent.length).map((line) => indent + line))
  return lines.join('\n')
}

function widthOf(rows: readonly Row[], widest: number): number {
  return Math.max(...rows.map(([term]) => term.length).filter((length) => length <= widest), 0)
}

function layRow([term, meaning]: Row, column: number, { paint, width }: Look): readonly string[] {
  const margin = ' '.repeat(2 * indent.length + column)
  const lines = wrap(meaning, Math.max(narrowest, width - margin.length)).map((line) => margin + line)
  const start = indent + paint.cyan(term)
  if (term.length > column) return [start, ...lines]
  const [first = '', ...others] = lines
  return [start + first.slice(indent.length + term.length), ...others]
}

/** Breaks a text into lines of at most `width` characters, at spaces. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    let line = ''
    for (const word of paragraph.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (longer.length > width && line !== '') {
        lines.push(line)
        line = word
      } else line = longer
    }
    return [...lines, line]
  })
}
