import { kebab } from './names.ts'
import type { RawValue, Source } from './resolve.ts'
import type { SettingsTable } from './setting.ts'

/**
 * What the command line says about the settings of a table. In `flags`, an option that derives from a table
 * holds the list of texts it was given, a switch holds true or false; what the table does not know is left alone.
 */
export function flagSource(
  table: SettingsTable,
  flags: Readonly<Record<string, unknown>>,
  from: Pick<Source, 'layer' | 'label'> = {
    layer: 'flags',
    label: 'command line',
  },
): Source {
  const values: Record<string, RawValue> = {}
  for (const [name, row] of Object.entries(table)) {
    const given = Object.hasOwn(flags, name) ? flags[name] : undefined
    const spelled = row.positional ? row.kind.placeholder : `--${kebab(name)}`
    if (Array.isArray(given)) values[name] = { from: spelled, texts: given }
    else if (typeof given === 'boolean') values[name] = { from: spelled, value: given }
  }
  return { ...from, values }
}
