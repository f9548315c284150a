import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { page } from '../apps/bench/pages.mjs'
import { type Bench, orNone, rotated, roundsOf } from './bench.ts'
import { appOf, type Contender, startBare, startCluster, startPm2, startTsicorn } from './contenders.ts'
import { startFront } from './front.ts'
import { type Keep, keep } from './keep.ts'
import { type Goal, Ledger, type Part } from './report.ts'
import { askInTurns, type WrkOrder, type WrkResult, warmUp } from './wrk.ts'

const title = 'Throughput behind nginx'
const paths = ['/', '/page'] as const
const frameworks = ['express', 'fastify'] as const

const notes = [
  'Two workers each behind one nginx with one worker, over kept-alive unix sockets: a socket for each process of node and worker of tsicorn, one socket for node:cluster and PM2, as they have it. wrk, nginx and the workers share the processors, which draws all ratios towards 1; the processor time of all processes of a contender for one request says more. Each round has processes of its own. / is Hello, world; /page is 10 kB of JSON.',
]

/** What serves, and the sockets that nginx finds it by. */
type Stall = {
  readonly name: string
  readonly who: string
  readonly sockets: readonly string[]
  readonly pids: () => readonly number[]
}

/** All contenders at once, behind one nginx, in turns. */
export async function throughput(bench: Bench): Promise<Part> {
  const { wrk, nginx } = bench.tools
  const ledger = new Ledger()
  if (wrk === null || nginx === null) return { id: 'throughput', title, notes, measures: [], claims: [] }
  for (let round = 0; round < roundsOf(bench); round += 1) await measure(bench, { wrk, nginx, round, ledger })
  for (const framework of frameworks) for (const path of paths) judge(ledger, `${framework} ${path}`, path)
  return { id: 'throughput', title, notes, measures: ledger.measures, claims: ledger.claims }
}

type Round = { readonly wrk: string; readonly nginx: string; readonly round: number; readonly ledger: Ledger }

/** One round, with processes of its own: what V8 makes of the same program differs by a tenth from one to the next. */
async function measure(bench: Bench, { wrk, nginx, round, ledger }: Round): Promise<void> {
  bench.say(`throughput: round ${round + 1} of ${roundsOf(bench)}`)
  const place = bench.dir.join(`t${round}`)
  mkdirSync(place)
  await using running = keep()
  const stalls: Stall[] = []
  for (const framework of frameworks) stalls.push(...(await openStalls(bench, { framework, place }, running)))
  const sockets = Object.fromEntries(stalls.map(({ name, sockets }) => [name, sockets]))
  const front = running.use(await startFront(nginx, place, sockets, { page: JSON.stringify(page()) }))
  const order = ({ name, pids }: Stall, path: string): WrkOrder => ({
    ...{ wrk, path, pids, port: front.portOf(name) },
  })
  const all = rotated([...stalls, { name: 'ceiling', who: 'nginx itself', sockets: [], pids: () => [] }], round)
  // What the second path has of its own is little.
  for (const stall of all)
    for (const [index, path] of paths.entries()) await warmUp(order(stall, path), bench.quick, index === 0 ? 2 : 1)
  for (const path of paths) {
    const asked = await askInTurns(all, (stall) => order(stall, path), bench.turns)
    for (const [stall, result] of asked) record(ledger, stall, path, result)
  }
}

function record(ledger: Ledger, { name, who }: Stall, path: string, result: WrkResult): void {
  const framework = name.split('_')[0] ?? ''
  const what = framework === 'ceiling' ? `nothing ${path}` : `${framework} ${path}`
  ledger.add({ what, unit: 'answers/s' }, who, result.perSecond)
  if (framework !== 'ceiling') ledger.add({ what, unit: 'us/request' }, who, result.microseconds)
}

const opponents: readonly (readonly [who: string, to: string, goal: Goal | null])[] = [
  ['tsicorn', 'node', { least: 0.98 }],
  ['tsicorn + access log', 'node', { least: 0.92 }],
  ['tsicorn', 'node:cluster', { least: 1.05 }],
  ['tsicorn', 'PM2', { least: 1.15 }],
]

function judge(ledger: Ledger, what: string, path: string): void {
  const subject = { what, unit: 'answers/s' }
  for (const [who, to, goal] of opponents) ledger.compare(subject, [who, to], goal)
  ledger.compare({ what, unit: 'us/request' }, ['tsicorn', 'node'], null)
  ledger.compare({ what, unit: 'us/request' }, ['tsicorn + access log', 'node'], null)
  const most = ledger.samples({ what: `nothing ${path}`, unit: 'answers/s' }, 'nginx itself')
  const ours = ledger.samples(subject, 'tsicorn')
  const samples = ours.map((value, round) => value / (most[round] ?? Number.NaN))
  ledger.claim(`${what}, answers/s: tsicorn / nginx before nginx`, '', samples, null)
}

type Row = { readonly framework: string; readonly place: string }

async function openStalls(bench: Bench, { framework, place }: Row, running: Keep): Promise<readonly Stall[]> {
  const { dir, workers, tools } = bench
  const app = appOf(framework)
  const socket = (name: string) => join(place, `${framework[0]}${name}.sock`)
  const each = (name: string) => Array.from({ length: workers }, (_, index) => socket(`${name}${index + 1}`))
  const stall = (
    name: string,
    sockets: readonly string[],
    those: readonly Contender[],
    who = those[0]?.who ?? '',
  ): Stall => ({ name: `${framework}_${name}`, who, sockets, pids: () => those.flatMap((one) => one.pids()) })
  const bare: Contender[] = []
  for (const path of each('b')) bare.push(running.use(await startBare({ app, place: path })))
  const ours = async (name: string, flags: readonly string[]) =>
    running.use(await startTsicorn({ app, bind: `unix:${socket(`${name}{slot}`)}`, workers, flags }))
  const logged = ['--access-logfile', join(place, `${framework}.access.log`)]
  const cluster = running.use(await startCluster({ app, place: socket('c'), workers }))
  const order = { app, place: socket('p'), workers }
  const pm2 = tools.pm2 && (await orNone(bench, startPm2(tools.pm2, dir.path, order)))
  if (pm2 !== null) running.use(pm2)
  return [
    stall('node', each('b'), bare),
    stall('tsicorn', each('t'), [await ours('t', [])]),
    stall('logged', each('l'), [await ours('l', logged)], 'tsicorn + access log'),
    stall('cluster', [socket('c')], [cluster]),
    ...(pm2 === null ? [] : [stall('pm2', [socket('p')], [pm2])]),
  ]
}
