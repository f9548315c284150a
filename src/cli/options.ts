import { type Command, InvalidArgumentError, Option } from 'commander'
import { duration } from '../settings/kinds/duration.ts'
import { integer } from '../settings/kinds/integer.ts'
import { kebab } from '../settings/names.ts'
import type { Setting, SettingsTable } from '../settings/setting.ts'

/**
 * Gives a command an option for each row of a table, under the heading of its section. The values that commander
 * collects are what `flagSource` takes: the texts as given, or true and false for a switch.
 */
export function addTableOptions(command: Command, table: SettingsTable): void {
  for (const [name, row] of Object.entries(table)) {
    if (row.only === 'file') continue
    if (row.positional) continue
    for (const option of optionsOf(name, row)) command.addOption(option.helpGroup(row.section))
  }
}

function optionsOf(name: string, row: Setting<unknown, unknown>): readonly Option[] {
  const long = kebab(name)
  const short = row.short === undefined ? '' : `-${row.short}, `
  const description = `${row.summary}${remarks(row)}`
  if (row.kind.placeholder === '') return switchOptions({ long, short, description, on: row.default === true })
  const option = new Option(`${short}--${long} <${row.kind.placeholder}>`, description)
  return [option.argParser((text: string, before: readonly string[] = []) => [...before, text])]
}

type SwitchWords = { readonly long: string; readonly short: string; readonly description: string; readonly on: boolean }

/** Both ways of a switch are understood; help shows the one that changes something. */
function switchOptions({ long, short, description, on }: SwitchWords): readonly Option[] {
  const yes = new Option(`${short}--${long}`, description)
  const no = new Option(`--no-${long}`, description).default(undefined)
  return [on ? yes.hideHelp() : yes, on ? no : no.hideHelp()]
}

/** What a reader should know beside the summary: that it may be repeated, the default, other environment names. */
function remarks({ kind, default: value, environment = [], secret = false }: Setting<unknown, unknown>): string {
  const shown = secret || value === null || kind.placeholder === '' ? '' : kind.format(value)
  const parts = [
    ...(kind.repeatable ? ['repeatable'] : []),
    ...(shown === '' ? [] : [`default ${shown}`]),
    ...environment.map((name) => `env ${name}`),
  ]
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}

/** Reads the number of an option that derives from no table. */
export function wholeNumber(range: { readonly min: number; readonly max: number }): (text: string) => number {
  const kind = integer(range)
  return (text) => {
    const reading = kind.parse(text)
    if (!reading.ok) throw new InvalidArgumentError(`expected ${kind.expects}.`)
    return reading.value
  }
}

/** Reads the span of an option that derives from no table, in milliseconds. */
export function span(range: { readonly min: number; readonly max: number }): (text: string) => number {
  const kind = duration(range)
  return (text) => {
    const reading = kind.parse(text)
    if (!reading.ok) throw new InvalidArgumentError(`expected ${kind.expects}.`)
    return reading.value
  }
}
