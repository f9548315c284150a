import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { pause } from '../helpers/pause.ts'
import { childPids } from '../helpers/process-group.ts'
import { launcher } from '../helpers/repository.ts'
import { askMaster } from './ask-master.ts'
import type { Bench } from './bench.ts'
import { quantile } from './figures.ts'
import { type LoadResult, startOpenLoad } from './generator.ts'
import { keep } from './keep.ts'
import { Ledger, type Part } from './report.ts'
import { openStalls, rateFor, type Stall } from './tail.ts'

const title = 'Reload under load'
/** Share of POSTs among the requests while a contender is reloaded. */
const posts = 0.5
const notes = [
  'Requests at random moments to the generated site, one in ten heavy as above and half of them POSTs, which nginx does not send twice; timed from the moment they were due. Each contender is reloaded by its own command, whose processor time counts too, as do the processes that take over: the share of the load is 30 %. Lost is what got no answer of 200. A worker is killed under the load of the tail, which has no POSTs: what a worker dies with cannot be sent twice where that might do something twice.',
]

/** The longest a contender may take for all its reloads, in seconds. */
const patience = 60

type Task = { readonly bench: Bench; readonly ledger: Ledger; readonly control: string }

export async function reload(bench: Bench): Promise<Part> {
  const ledger = new Ledger()
  if (bench.tools.nginx === null) return { id: 'reload', title, notes, measures: [], claims: [] }
  const control = bench.dir.join('control')
  await using running = keep()
  const flags = ['--control-socket', control]
  const stalls = (await openStalls(bench, 2, running, flags)).filter(({ who }) => who === 'tsicorn' || who === 'PM2')
  const task = { bench, ledger, control }
  for (let round = 0; round < bench.rounds; round += 1)
    // PM2 has no goals to meet here, and takes a minute for its ten.
    for (const stall of stalls.filter(({ who }) => who === 'tsicorn' || round === 0)) await measure(task, stall, round)
  for (const stall of stalls.filter(({ who }) => who === 'tsicorn')) await killOne(task, stall)
  const [steady, during] = [ledger.samples(p99('steady'), 'tsicorn'), ledger.samples(p99('during reloads'), 'tsicorn')]
  const ratio = during.map((value, round) => value / (steady[round] ?? Number.NaN))
  ledger.claim('p99 during 10 reloads / steady, tsicorn', '', ratio, { most: 2 })
  for (const what of ['lost in reloads', 'lost by kill -9'])
    ledger.claim(`${what}, tsicorn`, 'requests', ledger.samples({ what, unit: 'requests' }, 'tsicorn'), { most: 0 })
  ledger.claim('fewest workers ready during reloads', 'workers', ledger.samples(capacity, 'tsicorn'), { least: 2 })
  const unhurt = ledger.samples(p99('before a worker is killed'), 'tsicorn')
  const killed = ledger.samples(p99('with a worker killed'), 'tsicorn')
  const kills = killed.map((value, round) => value / (unhurt[round] ?? Number.NaN))
  ledger.claim('p99 with a worker killed / without, tsicorn', '', kills, { most: 2 })
  return { id: 'reload', title, notes, measures: ledger.measures, claims: ledger.claims }
}

const p99 = (when: string) => ({ what: `p99 ${when}`, unit: 'ms' })
const capacity = { what: 'fewest workers ready', unit: 'workers' }

function load({ port }: Stall, seconds: number, seed: number, share = posts) {
  return startOpenLoad({ port, rate: rateFor(2, 0.3), seconds, seed, heavy: 0.1, posts: share })
}

async function measure({ bench, ledger, control }: Task, stall: Stall, round: number): Promise<void> {
  const { who } = stall
  bench.say(`reload: ${who}, steady, round ${round + 1}`)
  await load(stall, 1, round).result
  const steady = await load(stall, bench.quick ? 2 : 6, 100 + round).result
  ledger.add(p99('steady'), who, p99Of(steady))
  bench.say(`reload: ${who}, reloading, round ${round + 1}`)
  const under = load(stall, patience, 200 + round)
  const watch = who === 'tsicorn' ? watchCapacity(control) : null
  const begin = performance.now()
  let reloads = 0
  for (; reloads < (bench.quick ? 2 : 10) && performance.now() - begin < patience * 800; reloads += 1)
    await command(bench, stall, control)
  const seconds = (performance.now() - begin) / 1000
  const fewest = await watch?.stop()
  const result = await under.stop()
  ledger.add(p99('during reloads'), who, p99Of(result))
  ledger.add({ what: 'lost in reloads', unit: 'requests' }, who, result.lost)
  if (result.lost > 0) bench.say(`${who} lost ${result.lost}: ${result.how.join(', ')}`)
  ledger.add({ what: 'sent in reloads', unit: 'requests' }, who, result.sent)
  if (result.unsent > 0) bench.say(`${who} is overloaded: ${result.unsent} requests were not sent`)
  ledger.add({ what: 'a reload', unit: 's' }, who, seconds / reloads)
  if (fewest !== undefined) ledger.add(capacity, who, fewest)
}

function p99Of({ times }: LoadResult): number {
  return quantile([...times.fast, ...times.post], 0.99)
}

/** Asks for a reload as a person would, and waits until the command says it is over. */
async function command({ tools }: Bench, { who, contender }: Stall, control: string): Promise<void> {
  const args =
    who === 'tsicorn'
      ? [launcher, 'ctl', '--control-socket', control, 'reload']
      : [tools.pm2?.cli ?? '', 'reload', 'all', '--silent']
  await promisify(execFile)(process.execPath, args, { env: contender.env, timeout: patience * 1000 })
}

/** Looks again and again at how many workers are ready. */
function watchCapacity(control: string): { readonly stop: () => Promise<number> } {
  let fewest = Number.POSITIVE_INFINITY
  let isOver = false
  const look = async (): Promise<void> => {
    while (!isOver) {
      const { workers } = await askMaster(control)
      fewest = Math.min(fewest, workers.filter(({ state }) => state === 'ready').length)
      await pause(20)
    }
  }
  const looking = look()
  return {
    stop: async () => {
      isOver = true
      await looking
      return fewest
    },
  }
}

/** What the others feel of a worker that is killed in the middle of its work. */
async function killOne({ bench, ledger }: Task, stall: Stall): Promise<void> {
  for (let round = 0; round < bench.rounds; round += 1) {
    bench.say(`reload: a worker is killed, round ${round + 1}`)
    const before = await load(stall, 4, 10 + round, 0).result
    ledger.add(p99('before a worker is killed'), stall.who, p99Of(before))
    const under = load(stall, 4, 10 + round, 0)
    await pause(1500)
    const [victim] = childPids(stall.contender.pid)
    if (victim !== undefined) process.kill(victim, 'SIGKILL')
    const result = await under.result
    ledger.add(p99('with a worker killed'), stall.who, p99Of(result))
    ledger.add({ what: 'lost by kill -9', unit: 'requests' }, stall.who, result.lost)
  }
}
