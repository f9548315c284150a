// `node test/bench/compare.mjs BEFORE AFTER [ROUNDS] [FLAGS]`: what a request costs one worker of two builds of tsicorn,
// each given by the folder that holds its `dist` and `bin`, over unix sockets, in rounds that alternate, since a machine has
// its moods. Processor time tells more than throughput where others use the machine too.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, median, start } from './one-worker.mjs'

const [before = '.', after = '.', rounds = '8', ...flags] = process.argv.slice(2)
const app = join(import.meta.dirname, '..', 'apps', 'hello.mjs')
const scratch = mkdtempSync(join(tmpdir(), 'tsicorn-bench-'))
const say = (line) => process.stdout.write(`${line}\n`)

const own = (name) => ({ path: join(scratch, name), flags, app })
const [one, two] = [await start(before, own('before')), await start(after, own('after'))]
try {
  await load(one)
  await load(two)
  const rows = []
  for (let round = 0; round < Number(rounds); round += 1) {
    const results = new Map()
    for (const server of round % 2 === 0 ? [one, two] : [two, one]) results.set(server, await load(server))
    const [old, young] = [results.get(one), results.get(two)]
    rows.push({ speed: young.speed / old.speed, cost: young.cost / old.cost })
    const inWords = ({ speed, cost }) => `${Math.round(speed)}/s at ${cost.toFixed(2)} us`
    say(`before ${inWords(old)}  after ${inWords(young)}`)
  }
  const [speed, cost] = [median(rows.map((row) => row.speed)), median(rows.map((row) => row.cost))]
  say(`median ratios: speed ${speed.toFixed(3)}, processor time of a request ${cost.toFixed(3)}`)
} finally {
  for (const { child } of [one, two]) child.kill('SIGTERM')
  rmSync(scratch, { recursive: true, force: true })
}
