import { freezeDeep } from './freeze.ts'
import type { ConfigOf, SettingsTable } from './setting.ts'

/** The same config with its relative paths taken from a directory: what it means then no longer depends on who reads it where. */
export function anchor<Table extends SettingsTable>(
  table: Table,
  config: ConfigOf<Table>,
  directory: string,
): ConfigOf<Table> {
  const entries = Object.entries(config).map(([name, value]) => {
    const kind = Object.hasOwn(table, name) ? table[name]?.kind : undefined
    return [name, kind?.anchor === undefined ? value : kind.anchor(value, directory)]
  })
  return freezeDeep(Object.fromEntries(entries))
}
