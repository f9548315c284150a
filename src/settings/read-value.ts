import { showValue } from './escape.ts'
import { spell } from './names.ts'
import { read, refuse } from './reading.ts'
import type { Complaint, RawValue, Source } from './resolve.ts'
import type { Reading, Setting, SettingsTable } from './setting.ts'
import { suggest } from './suggest.ts'

type Row = Setting<unknown, unknown>

/** One text or item as given, and what its kind makes of it. */
type Part = { readonly shown: string; readonly reading: Reading<unknown> }

export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly complaints: readonly Complaint[] }

/** Reads what one source says about one setting. Each text and each item that is wrong gets a complaint of its own. */
export function readValue(table: SettingsTable, source: Source, [name, raw]: readonly [string, RawValue]): Outcome {
  const complain = (expected: string, got = '', hint = ''): Complaint => ({
    ...{ source: source.label, setting: raw.from },
    ...{ expected, got, hint },
  })
  const row = Object.hasOwn(table, name) ? table[name] : undefined
  if (row === undefined) return wrong(complain('the name of a setting', '', guess(table, source, raw)))
  const place = rightPlace(row, source, name)
  if (place !== null) return wrong(complain(`to stand ${place}`))
  const parts = readParts(row, raw)
  const complaints = parts.flatMap(({ shown, reading }) =>
    reading.ok ? [] : [complain(row.kind.expects, row.secret ? 'something else (not shown)' : shown, reading.problem)],
  )
  if (complaints.length > 0) return { ok: false, complaints }
  const whole = join(row, parts)
  return whole.ok ? whole : wrong(complain(row.kind.expects, '', whole.problem))
}

function wrong(complaint: Complaint): Outcome {
  return { ok: false, complaints: [complaint] }
}

function guess(table: SettingsTable, source: Source, raw: RawValue): string {
  const meant = suggest(table, raw.from)
  return meant === null ? '' : `did you mean ${spell(meant, source.layer)}?`
}

/** Where a setting belongs that stands in the wrong place, or null. */
function rightPlace({ only }: Row, { layer }: Source, name: string): string | null {
  const flag = spell(name, 'flags')
  if (only === 'flag' && layer !== 'flags' && layer !== 'cmd-args') return `on the command line, as ${flag}`
  if (only === 'flag-or-environment' && layer === 'file')
    return `on the command line, as ${flag}, or in the environment`
  return only === 'file' && layer !== 'file' ? `in a config file, as ${name}` : null
}

function readParts({ kind }: Row, raw: RawValue): readonly Part[] {
  if ('texts' in raw) return raw.texts.map((text) => ({ shown: showValue(text), reading: kind.parse(text) }))
  const { value } = raw
  if (!kind.repeatable || !Array.isArray(value) || value.length === 0) {
    return [{ shown: showValue(value), reading: kind.accept(value) }]
  }
  return value.map((item) => ({ shown: showValue(item), reading: kind.accept([item]) }))
}

/** A repeatable setting takes all its parts, any other one the last, as flags are read everywhere. */
function join({ kind }: Row, parts: readonly Part[]): Reading<unknown> {
  const values = parts.flatMap(({ reading }) => (reading.ok ? [reading.value] : []))
  if (values.length === 0) return refuse('no value is given')
  if (!kind.repeatable || values.length === 1) return read(values.at(-1))
  return kind.check?.(values.flat()) ?? read(values.flat())
}
