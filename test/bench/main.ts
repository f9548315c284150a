// `npm run bench`: tsicorn beside what else one could run, side by side on this machine, in rounds that alternate; in less
// than three quarters of an hour. `-- --quick` only tries whether it runs, in less than five minutes, `--only NAME` measures
// one part, `--json` is for machines, `--chart FILE` draws, and `--write` keeps the report and its chart in templates/docs.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { tempDir } from '../helpers/temp-dir.ts'
import type { Bench } from './bench.ts'
import { chart } from './chart.ts'
import { chartPage, document, documentPage } from './document.ts'
import { sharesAreEven } from './even-shares.ts'
import { most, parts } from './parts.ts'
import type { Part, Report } from './report.ts'
import { runPart } from './run-part.ts'
import { show } from './show.ts'
import { findTools, machine } from './tools.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    chart: { type: 'string' },
    write: { type: 'boolean', default: false },
    // Between processes of ours: one part is measured here, and written there.
    into: { type: 'string' },
  },
})
const { quick } = values
const say = (line: string): void => void process.stderr.write(`${line}\n`)

process.exitCode = await main()

async function main(): Promise<number> {
  const wanted = values.only ?? Object.keys(parts)
  const unknown = wanted.filter((name) => parts[name] === undefined)
  if (unknown.length > 0) {
    say(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`)
    return 2
  }
  if (values.write && (quick || values.only !== undefined)) {
    say('What is kept is a whole run: --write goes with neither --quick nor --only.')
    return 2
  }
  if (values.into !== undefined) return measureHere(wanted[0] ?? '', values.into)
  const report = await measure(wanted)
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 1)}\n` : `${show(report)}\n`)
  if (values.chart !== undefined) writeFileSync(values.chart, chart(report.parts))
  if (values.write) {
    writeFileSync(documentPage, document(report))
    writeFileSync(chartPage, chart(report.parts))
  }
  return report.parts.length < wanted.length ? 1 : 0
}

async function measureHere(name: string, file: string): Promise<number> {
  await using dir = await tempDir()
  const bench: Bench = {
    ...{ tools: findTools(), dir, quick, say, workers: 2 },
    rounds: quick ? 1 : 5,
    turns: quick ? 1 : 4,
  }
  writeFileSync(file, JSON.stringify(await parts[name]?.run(bench)))
  return 0
}

async function measure(wanted: readonly string[]): Promise<Report> {
  const begin = performance.now()
  const { versions, skipped: notInstalled } = findTools()
  const uneven = sharesAreEven()
  await using dir = await tempDir()
  process.once('exit', () => rmSync(dir.path, { recursive: true, force: true }))
  const end = begin + most[quick ? 'quick' : 'whole'] * 60_000
  const done: Part[] = []
  for (const [index, name] of wanted.entries()) {
    say(`${name} (${index + 1} of ${wanted.length}), after ${minutesSince(begin).toFixed(1)} minutes`)
    done.push(await measurePart(name, dir.join(String(index)), end))
  }
  const left = uneven === null ? notInstalled : [...notInstalled, uneven]
  const skipped = [...left, ...done.flatMap(({ missing }) => missing ?? [])]
  const whole = done.filter(({ missing }) => missing === undefined)
  return { machine: machine(), versions, skipped, quick, minutes: minutesSince(begin), parts: whole }
}

/** However little time is left, each part gets a chance. */
async function measurePart(name: string, folder: string, end: number): Promise<Part> {
  mkdirSync(folder)
  const within = Math.max(15_000, Math.min((parts[name]?.most ?? 1) * 60_000, end - performance.now()))
  return runPart({ name, quick, folder, within })
}

function minutesSince(begin: number): number {
  return (performance.now() - begin) / 60_000
}
