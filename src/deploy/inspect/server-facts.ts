import { readFileSync } from 'node:fs'
import { type ServerConfig, serverTable } from '../../settings/server-table.ts'
import type { SettingsTable } from '../../settings/setting.ts'

/** What the server's config file says, with the defaults for the rest. */
export type ServerFacts = {
  readonly value: <Name extends keyof ServerConfig>(name: Name) => ServerConfig[Name]
}

const rows: SettingsTable = serverTable

/** Reads a config file in JSON. What cannot be read counts as not said: that it is refused is another's business. */
export function serverFacts(text: string | null): ServerFacts {
  const given = objectOf(text)
  return {
    value: (name) => {
      const row = rows[name]
      const reading = name in given ? row?.kind.accept(given[name]) : undefined
      return reading?.ok ? reading.value : row?.default
    },
  }
}

/** The settings in a config file, unread; none when there is no such file. */
export function readConfig(path: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}

function objectOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
