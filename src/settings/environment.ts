import { daemonVariable } from '../contract/daemon.ts'
import { handOverVariable } from '../contract/hand-over.ts'
import { environmentName, environmentPrefix } from './names.ts'
import type { RawValue, Source } from './resolve.ts'
import type { SettingsTable } from './setting.ts'

/** Flags in the environment, split like a shell line. */
export const commandArgumentsName = 'TSICORN_CMD_ARGS'

/**
 * What an environment says about the settings of a table. Of several names for one setting the strongest is read,
 * TSICORN_<NAME> before the general ones; those may be meant for other programs. An unknown TSICORN_ name is passed on
 * under its own name, so that it becomes a complaint.
 */
export function environmentSource(table: SettingsTable, env: Readonly<Record<string, string | undefined>>): Source {
  const values: Record<string, RawValue> = {}
  const known = new Set<string>([commandArgumentsName, handOverVariable, daemonVariable])
  for (const [name, row] of Object.entries(table)) {
    const own = environmentName(name)
    known.add(own)
    const from = [own, ...(row.environment ?? [])].find((candidate) => env[candidate] !== undefined)
    if (from !== undefined) values[name] = { from, texts: [env[from] ?? ''] }
  }
  for (const [name, text] of Object.entries(env)) {
    if (name.startsWith(environmentPrefix) && !known.has(name)) values[name] = { from: name, texts: [text ?? ''] }
  }
  return { layer: 'environment', label: 'environment', values }
}
