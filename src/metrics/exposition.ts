/** A metric with all its samples. */
export type Family = {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary'
  readonly help: string
  readonly samples: readonly Sample[]
}

export type Sample = {
  /** Behind the family's name: `_bucket`, `_sum`, `_count`. */
  readonly suffix?: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** The content type of what `expose` writes. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** Writes metrics as Prometheus reads them (its text-based format, version 0.0.4). Families without samples are left out. */
export function expose(families: readonly Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(exposeFamily)
    .join('')
}

function exposeFamily({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ suffix = '', labels, value }) => `${name}${suffix}${braces(labels)} ${number(value)}\n`)
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

function braces(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}

/** The samples of a histogram from the counts of its buckets; bounds and sum are in the unit of the family. */
export function histogram(
  labels: Sample['labels'],
  { bounds, counts, sum }: { bounds: readonly number[]; counts: readonly number[]; sum: number },
): readonly Sample[] {
  let below = 0
  const buckets = [...bounds, Number.POSITIVE_INFINITY].map((bound, at) => {
    below += counts[at] ?? 0
    return { suffix: '_bucket', labels: { ...labels, le: number(bound) }, value: below }
  })
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: below }]
}
