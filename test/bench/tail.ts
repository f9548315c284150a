import { cpus } from 'node:os'
import { socketPaths } from '../../src/bundle/places.ts'
import { serveSite } from '../stack/serve-site.ts'
import { type Bench, orNone, rotated } from './bench.ts'
import { appOf, type Contender, type Order, startCluster, startPm2, startTsicorn } from './contenders.ts'
import { quantile } from './figures.ts'
import { startOpenLoad } from './generator.ts'
import { type Keep, keep } from './keep.ts'
import { type Goal, Ledger, type Part } from './report.ts'

const title = 'Tail under mixed load'

/** Share of heavy requests; what one costs, and what the others do with their part of nginx, in milliseconds. */
const [share, heavyMs, lightMs] = [0.1, 15, 0.4] as const

const notes = [
  'Requests come at random moments, whether or not earlier ones are answered, and are timed from the moment they were due. One in ten burns 15 ms of processor time; the figures are those of the others. nginx has the generated site: tsicorn with a socket for each worker, the others, and tsicorn (shared), with one; tsicorn (sync) is --worker-class sync on one socket, where a request waits for whichever worker is free first: no other way to share them out does better without knowing what they will cost. The load is a share of what the workers could do if they had the processors to themselves, or, with more workers than processors, of what the processors can.',
]

/** Other ways to serve, which have no goals to meet and are measured at one load. */
const onlyKnown: readonly string[] = ['tsicorn (shared)', 'tsicorn (sync)']

/** A contender behind the generated site. */
export type Stall = { readonly who: string; readonly contender: Contender; readonly port: number }

export async function tail(bench: Bench): Promise<Part> {
  const ledger = new Ledger()
  if (bench.tools.nginx === null) return { id: 'tail', title, notes, measures: [], claims: [] }
  const plans = bench.quick
    ? [{ workers: 2, loads: [0.5] }]
    : [
        { workers: 2, loads: [0.3, 0.5, 0.7] },
        { workers: 4, loads: [0.3, 0.5, 0.7] },
      ]
  for (const { workers, loads } of plans) await measure(bench, ledger, { workers, loads })
  const goal: Goal = { most: 0.65 }
  for (const { workers, loads } of plans) {
    for (const load of loads) {
      for (const rank of ['p90', 'p99']) {
        const subject = { what: `${nameOf(workers, load)} ${rank}`, unit: 'ms' }
        for (const to of ['node:cluster', 'PM2']) ledger.compare(subject, ['tsicorn', to], goal)
        for (const who of onlyKnown) ledger.compare(subject, [who, 'node:cluster'], null)
      }
    }
  }
  return { id: 'tail', title, notes, measures: ledger.measures, claims: ledger.claims }
}

function nameOf(workers: number, load: number): string {
  return `${workers} workers ${Math.round(load * 100)} %`
}

/** Requests a second that keep so many workers busy for this share of their time. */
export function rateFor(workers: number, load: number): number {
  const mean = share * heavyMs + (1 - share) * lightMs
  return (load * Math.min(workers, cpus().length) * 1000) / mean
}

type Plan = { readonly workers: number; readonly loads: readonly number[] }

async function measure(bench: Bench, ledger: Ledger, { workers, loads }: Plan): Promise<void> {
  await using running = keep()
  const stalls = await openStalls(bench, workers, running)
  const seconds = bench.quick ? 2 : 2.5
  const ask = ({ port }: Stall, load: number, seed: number) =>
    startOpenLoad({ port, rate: rateFor(workers, load), seconds, seed, heavy: share, posts: 0 }).result
  for (const stall of stalls) await ask(stall, 0.3, 1)
  for (let round = 0; round < bench.rounds; round += 1) {
    bench.say(`tail, ${workers} workers: round ${round + 1} of ${bench.rounds}`)
    for (const load of loads) {
      for (const stall of rotated(stalls, round)) {
        if (onlyKnown.includes(stall.who) && load !== 0.5) continue
        const { times, lost, unsent } = await ask(stall, load, 1000 + round)
        ledger.add({ what: `${nameOf(workers, load)} lost`, unit: 'requests' }, stall.who, lost)
        if (unsent > 0) bench.say(`${stall.who} is overloaded: ${unsent} requests were not sent`)
        for (const [rank, at] of [
          ['p50', 0.5],
          ['p90', 0.9],
          ['p99', 0.99],
        ] as const)
          ledger.add({ what: `${nameOf(workers, load)} ${rank}`, unit: 'ms' }, stall.who, quantile(times.fast, at))
      }
    }
  }
}

/** All contenders, each behind an nginx of its own with the generated site. */
export async function openStalls(
  bench: Bench,
  workers: number,
  running: Keep,
  flags: readonly string[] = [],
): Promise<readonly Stall[]> {
  const { pm2 } = bench.tools
  const app = appOf('express')
  const site = async (sockets: number) =>
    running.use(await serveSite({ tls: 'off', domain: ['localhost'], workers: sockets }))
  const own = await site(workers)
  const bind = `unix:${own.answers.runtimeDirectory}/{slot}.sock`
  const ours = running.use(await startTsicorn({ app, bind, workers, flags }))
  const alone = async (who: string, start: (order: Order) => Promise<Contender>): Promise<readonly Stall[]> => {
    const { answers, httpPort } = await site(1)
    const contender = await orNone(bench, start({ app, place: socketPaths(answers)[0] ?? '', workers }))
    return contender === null ? [] : [{ who, contender: running.use(contender), port: httpPort }]
  }
  const onOne = (who: string, flags: readonly string[]) =>
    alone(who, ({ place, ...order }) => startTsicorn({ ...order, who, bind: `unix:${place}`, flags }))
  return [
    { who: 'tsicorn', contender: ours, port: own.httpPort },
    ...(await onOne('tsicorn (shared)', [])),
    ...(await onOne('tsicorn (sync)', ['--worker-class', 'sync'])),
    ...(await alone('node:cluster', startCluster)),
    ...(pm2 === null ? [] : await alone('PM2', (order) => startPm2(pm2, bench.dir.path, order))),
  ]
}
