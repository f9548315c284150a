// `npm run bench`: tsicorn beside what else one could run, side by side on this machine, in rounds that alternate; in less
// than ten minutes. `-- --quick` only tries whether it runs, `--only NAME` measures one part, `--json` is for machines,
// `--chart FILE` draws, and `--write` keeps the report and its chart in templates/docs.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { tempDir } from '../helpers/temp-dir.ts'
import type { Bench, Run } from './bench.ts'
import { chart } from './chart.ts'
import { direct } from './direct.ts'
import { chartPage, document, documentPage } from './document.ts'
import { growth } from './growth.ts'
import { reload } from './reload.ts'
import type { Part, Report } from './report.ts'
import { show } from './show.ts'
import { start } from './start.ts'
import { tail } from './tail.ts'
import { throughput } from './throughput.ts'
import { findTools, machine } from './tools.ts'

const parts: Readonly<Record<string, Run>> = { throughput, direct, tail, reload, start, growth }
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    chart: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
})

process.exitCode = await main()

async function main(): Promise<number> {
  const wanted = values.only ?? Object.keys(parts)
  const unknown = wanted.filter((name) => parts[name] === undefined)
  if (unknown.length > 0) {
    process.stderr.write(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.\n`)
    return 2
  }
  if (values.write && (values.quick || values.only !== undefined)) {
    process.stderr.write('What is kept is a whole run: --write goes with neither --quick nor --only.\n')
    return 2
  }
  const report = await measure(wanted)
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 1)}\n` : `${show(report)}\n`)
  if (values.chart !== undefined) writeFileSync(values.chart, chart(report.parts))
  if (values.write) {
    writeFileSync(documentPage, document(report))
    writeFileSync(chartPage, chart(report.parts))
  }
  return 0
}

async function measure(wanted: readonly string[]): Promise<Report> {
  const begin = performance.now()
  const { quick } = values
  const tools = findTools()
  await using dir = await tempDir()
  const bench: Bench = {
    ...{ tools, dir, quick, workers: 2, rounds: quick ? 2 : 5 },
    say: (line) => void process.stderr.write(`${line}\n`),
  }
  const done: Part[] = []
  for (const name of wanted) {
    const run = parts[name]
    if (run !== undefined) done.push(await run(bench))
  }
  const minutes = (performance.now() - begin) / 60_000
  const { versions, skipped } = tools
  return { machine: machine(), versions, skipped, quick, minutes, parts: done }
}
