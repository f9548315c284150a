import { describeOrigin, type Provenance } from '../settings/resolve.ts'
import type { ConfigOf, Setting, SettingsTable } from '../settings/setting.ts'
import { showSetting } from '../settings/show-setting.ts'
import { columns, escapeControl, type Paint } from './paint.ts'

export type PrintedConfig<Table extends SettingsTable> = {
  readonly config: ConfigOf<Table>
  readonly provenance: Provenance
  /** What a value comes to on this machine, by the name of the setting. */
  readonly remarks?: Readonly<Record<string, string>>
}

/** A settled config for people: each setting, its value as a flag would take it, and where that came from. */
export function formatConfig<Table extends SettingsTable>(
  table: Table,
  { config, provenance, remarks = {} }: PrintedConfig<Table>,
  paint: Paint,
): string {
  const rows = Object.entries<Setting<unknown, unknown>>(table).flatMap(([name, row]) => {
    const origin = provenance[name]
    if (row.only === 'flag' || origin === undefined) return []
    const value = showSetting(row, config[name])
    const source = origin.layer === 'default' ? '# default' : `# from ${escapeControl(describeOrigin(origin))}`
    const remark = remarks[name] === undefined ? '' : `; ${escapeControl(remarks[name])}`
    return [[name, `= ${value}`, paint.dim(source + remark)]]
  })
  return `${columns(rows).join('\n')}\n`
}
