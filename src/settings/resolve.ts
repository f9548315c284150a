import { freezeDeep } from './freeze.ts'
import { readValue } from './read-value.ts'
import type { ConfigOf, SettingsTable } from './setting.ts'

/** Where a value can come from, weakest first. */
export const layers = ['default', 'file', 'environment', 'cmd-args', 'flags'] as const
export type Layer = (typeof layers)[number]

/** A value as given, with the name it was given under: `workers`, `TSICORN_WORKERS`, `--workers`. */
export type RawValue =
  | { readonly from: string; readonly texts: readonly string[] }
  | { readonly from: string; readonly value: unknown }

/** All that one place says. Values are by the name of the setting; a name no table knows becomes a complaint. */
export type Source = {
  readonly layer: Exclude<Layer, 'default'>
  /** `config file /srv/app/tsicorn.config.ts`, `environment`, `TSICORN_CMD_ARGS`, `command line`. */
  readonly label: string
  readonly values: Readonly<Record<string, RawValue>>
  /** Of a file with code: its text. */
  readonly text?: string
}

export type Complaint = {
  /** The place, in words: `config file /srv/app/tsicorn.config.ts`. */
  readonly source: string
  /** The name as written there: `workers`, `TSICORN_WORKERS`, `--workers`. Empty where it is about the whole place. */
  readonly setting: string
  readonly expected: string
  /** Escaped, and hidden where the setting is a secret. Empty where repeating it says nothing. */
  readonly got: string
  /** The rule that is broken, or the name that was probably meant. Empty where there is nothing to add. */
  readonly hint: string
}

/** Where the value of each setting came from. */
export type Provenance = Readonly<Record<string, Origin>>
export type Origin = { readonly layer: Layer; readonly label: string; readonly from: string }

/** Where a value came from, in words: `command line: --workers`, `config file /srv/app/tsicorn.config.ts`, `default`. */
export function describeOrigin({ layer, label, from }: Origin): string {
  return layer === 'default' || layer === 'file' ? label : `${label}: ${from}`
}

export type Resolution<Table extends SettingsTable> =
  | { readonly ok: true; readonly config: ConfigOf<Table>; readonly provenance: Provenance }
  | { readonly ok: false; readonly complaints: readonly Complaint[] }

/** A rule about several settings at once. It returns what is wrong, or null. */
export type Rule<Config> = {
  readonly settings: readonly (keyof Config & string)[]
  /** `isGiven` tells whether a setting has a value that somebody wrote. */
  readonly check: (
    config: Config,
    isGiven: (name: keyof Config & string) => boolean,
  ) => { readonly expected: string; readonly got: string } | null
}

/**
 * Settles the value of every setting of a table: the strongest source wins, the default stands where none speaks.
 * All sources are checked, those that lose too, and all complaints come at once. The config is frozen through and through.
 */
export function resolve<Table extends SettingsTable>(
  table: Table,
  rules: readonly Rule<ConfigOf<Table>>[],
  sources: readonly Source[],
): Resolution<Table> {
  const complaints: Complaint[] = []
  const { values, provenance } = defaults(table)
  for (const source of byStrength(sources)) {
    for (const entry of Object.entries(source.values)) {
      const [name, { from }] = entry
      const outcome = readValue(table, source, entry)
      if (!outcome.ok) complaints.push(...outcome.complaints)
      else {
        values[name] = outcome.value
        provenance[name] = { layer: source.layer, label: source.label, from }
      }
    }
  }
  // The loop above has given each row a value of its kind, which the compiler cannot follow.
  const config = values as ConfigOf<Table>
  complaints.push(...brokenRules(rules, { config, provenance, complaints }))
  return complaints.length > 0 ? { ok: false, complaints } : { ok: true, config: freezeDeep(config), provenance }
}

function defaults(table: SettingsTable) {
  const values: Record<string, unknown> = {}
  const provenance: Record<string, Origin> = {}
  for (const [name, row] of Object.entries(table)) {
    values[name] = row.default
    provenance[name] = { layer: 'default', label: 'default', from: name }
  }
  return { values, provenance }
}

function byStrength(sources: readonly Source[]): readonly Source[] {
  return [...sources].sort((a, b) => layers.indexOf(a.layer) - layers.indexOf(b.layer))
}

type Settled<Config> = {
  readonly config: Config
  readonly provenance: Provenance
  readonly complaints: readonly Complaint[]
}

/** A rule is asked only when every source is in order: a rule about a value that is wrong anyway would mislead. */
function brokenRules<Config>(rules: readonly Rule<Config>[], { config, provenance, complaints }: Settled<Config>) {
  if (complaints.length > 0) return []
  const isGiven = (name: string) => provenance[name]?.layer !== 'default'
  return rules.flatMap((rule): Complaint[] => {
    const broken = rule.check(config, isGiven)
    if (broken === null) return []
    const origins = rule.settings.filter(isGiven).flatMap((name) => provenance[name] ?? [])
    return [{ ...{ source: names(origins, 'label'), setting: names(origins, 'from') }, ...broken, hint: '' }]
  })
}

function names(origins: readonly Origin[], part: 'label' | 'from'): string {
  return [...new Set(origins.map((origin) => origin[part]))].join(' and ')
}
