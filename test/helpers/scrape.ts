import { createRequire } from 'node:module'
import { request, type Target } from './http-request.ts'

/** One line of the Prometheus text format. */
export type ScrapedSample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export type Scrape = {
  readonly samples: readonly ScrapedSample[]
  /** Families as a parser of the format reads them. */
  readonly families: readonly { readonly name: string; readonly type: string; readonly help: string }[]
}

const parse = createRequire(import.meta.url)('parse-prometheus-text-format') as (text: string) => Scrape['families']

const line = /^([a-zA-Z_:][\w:]*)(?:\{((?:\w+="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? ([-+]?(?:\d[\d.e+-]*|Inf)|NaN)$/

/** Reads the metrics of a server as Prometheus does. Throws when there are none, or a line is not of the format. */
export async function scrape(target: Target): Promise<Scrape> {
  const answer = await request(target, '/metrics')
  const type = answer.headers['content-type']
  if (answer.status !== 200 || type !== 'text/plain; version=0.0.4; charset=utf-8') {
    throw new Error(`the scrape was answered ${answer.status} ${type}`)
  }
  return { samples: readSamples(answer.body), families: parse(answer.body) }
}

function readSamples(text: string): readonly ScrapedSample[] {
  const lines = text.split('\n').filter((row) => row !== '' && !row.startsWith('#'))
  return lines.map((row) => {
    const found = line.exec(row)
    if (found === null) throw new Error(`no line of the format: ${row}`)
    const pairs = [...(found[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
    const labels = Object.fromEntries(pairs.map(([, name, value]) => [name ?? '', value ?? '']))
    return { name: found[1] ?? '', labels, value: Number(found[3]?.replace('Inf', 'Infinity')) }
  })
}

/** The sum of all lines of a name that have these labels. */
export function sumOf({ samples }: Scrape, name: string, labels: Readonly<Record<string, string>> = {}): number {
  const fits = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  return fits.reduce((total, { value }) => total + value, 0)
}
