// `node --import tsx test/bench/starts.ts [ROUNDS]`: how much those who serve feel of a start. Two workers with Express behind
// the generated site at 30 % load, while another process loads Express again and again: not at all, at higher nice values
// (as `nice` gives them), and with SCHED_IDLE (as `chrt` does). The p99 of light requests, in milliseconds, in turns.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tempDir } from '../helpers/temp-dir.ts'
import { appOf } from './contenders.ts'
import { sharesAreEven } from './even-shares.ts'
import { quantile } from './figures.ts'
import { startOpenLoad } from './generator.ts'
import { keep } from './keep.ts'
import { openStalls, rateFor } from './tail.ts'
import { findTools } from './tools.ts'

const rounds = Number(process.argv[2] ?? 5)
const modes = {
  nobody: null,
  'nice 10': ['nice', '-n', '10'],
  'nice 19': ['nice', '-n', '19'],
  SCHED_IDLE: ['chrt', '-i', '0'],
} as const
const program = `await import(${JSON.stringify(appOf('express'))}); process.exit()`

const say = (line: string): void => void process.stdout.write(`${line}\n`)
sharesAreEven()
await using dir = await tempDir()
await using running = keep()
const bench = { tools: { ...findTools(), pm2: null }, dir, say, quick: false, rounds, turns: 1, workers: 2 }
const [ours] = await openStalls(bench, 2, running)
if (ours === undefined) throw new Error('nginx is needed: apt-get install nginx-light')
const { port } = ours
const load = (seed: number) => startOpenLoad({ port, rate: rateFor(2, 0.3), seconds: 4, seed, heavy: 0.1, posts: 0.5 })
await load(1).result
const p99 = new Map<string, number[]>()
for (let round = 0; round < rounds; round += 1) {
  for (const [name, prefix] of Object.entries(modes)) {
    const { result } = load(50 + round)
    const starts = prefix === null ? 0 : await startUntil(result, prefix)
    const { times } = await result
    const value = quantile([...times.fast, ...times.post], 0.99)
    p99.set(name, [...(p99.get(name) ?? []), value])
    say(`${name.padEnd(10)} ${value.toFixed(1)}, ${starts} starts`)
  }
}
for (const [name, values] of p99) say(`${name.padEnd(10)} median ${quantile(values, 0.5).toFixed(1)}`)

/** One start after another while the load lasts; how many there were. */
async function startUntil(result: Promise<unknown>, [command, ...args]: readonly [string, ...string[]]) {
  let isOver = false
  void result.finally(() => {
    isOver = true
  })
  let starts = 0
  for (; !isOver; starts += 1)
    await once(
      spawn(command, [...args, process.execPath, '--input-type=module', '-e', program], { stdio: 'ignore' }),
      'close',
    )
  return starts
}
