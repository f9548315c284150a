import { readdir } from 'node:fs/promises'
import type { Command, Option } from 'commander'
import { siteTable } from '../../settings/site-table.ts'
import { ctlWords } from '../ctl/commands.ts'
import { addTableOptions } from '../options.ts'

/** How a word is completed: by files, by directories, from a list, or not at all. */
export type Words = 'files' | 'directories' | 'nothing' | readonly string[]

export type FlagShape = {
  /** With their dashes: `-b`, `--bind`. */
  readonly names: readonly string[]
  readonly summary: string
  /** What its value is; null for a switch. */
  readonly value: Words | null
}

export type CommandShape = {
  readonly name: string
  readonly flags: readonly FlagShape[]
  /** What stands beside the flags. */
  readonly argument: Words
}

/** The shells there is a script for. */
export const shells = ['bash', 'zsh', 'fish'] as const

const pages = new URL('../../../templates/docs/', import.meta.url)

/** The command line as a shell has to know it. */
export async function describeProgram(program: Command): Promise<readonly CommandShape[]> {
  const topics = (await readdir(pages)).flatMap((name) => /^(.+)\.md$/.exec(name)?.[1] ?? []).sort()
  const known: Readonly<Record<string, Words>> = { ctl: ctlWords, docs: topics, serve: 'files', completion: shells }
  return program.commands.map((command) => {
    const name = command.name()
    // Its table is long, so it is added when it is needed.
    if (name === 'init') addTableOptions(command, siteTable)
    return { name, flags: command.options.flatMap(shapeOf), argument: known[name] ?? 'directories' }
  })
}

function shapeOf({ hidden, long, short, description, flags }: Option): readonly FlagShape[] {
  if (hidden || long === undefined || long === null) return []
  const names = [...(short === undefined || short === null ? [] : [short]), long]
  const placeholder = /<(.+)>/.exec(flags)?.[1]
  return [{ names, summary: description, value: placeholder === undefined ? null : wordsFor(placeholder) }]
}

/** The word for a value in help tells what it is: `FILE`, `DIR`, `drop|refuse`. */
function wordsFor(placeholder: string): Words {
  if (/^[a-z\d.-]+(?:\|[a-z\d.-]+)+$/i.test(placeholder))
    return placeholder.split('|').filter((word) => /[a-z\d]/.test(word))
  if (placeholder === 'DIR') return 'directories'
  return placeholder === 'FILE' || placeholder === 'PATH' || placeholder === 'CLASS' ? 'files' : 'nothing'
}
