import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { freePort } from '../helpers/free-port.ts'
import { request } from '../helpers/http-request.ts'
import { childPids, spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { settled } from '../helpers/until.ts'
import type { Bench } from './bench.ts'
import { appOf, type Contender, startBare, startTsicorn } from './contenders.ts'
import { processorTime, residentMiB } from './processes.ts'
import { Ledger, type Part } from './report.ts'
import { runWrk, warmUp } from './wrk.ts'

const title = 'Growth'
const notes = [
  'What a request costs in processor time with more workers than processors, with many kept-alive connections to one worker (16 of them busy at a time), and for a body of some size, each beside one process of node. Memory of a connection is that of the worker with them less that without, for each.',
]

const [app, mebibyte] = [appOf('plain'), 1024 ** 2]

export async function growth(bench: Bench): Promise<Part> {
  const ledger = new Ledger()
  for (let round = 0; round < bench.rounds; round += 1) {
    bench.say(`growth: round ${round + 1}`)
    for (const workers of bench.quick ? [1, 4] : [1, 2, 4, 8, 16]) await growWorkers(bench, ledger, workers)
    for (const count of bench.quick ? [1, 1000] : [1, 10, 100, 1000, 10_000])
      await growConnections(bench, ledger, count)
    await growBodies(bench, ledger)
  }
  compare(ledger, bench)
  return { id: 'growth', title, notes, measures: ledger.measures, claims: ledger.claims }
}

function compare(ledger: Ledger, { quick }: Bench): void {
  const ratio = (label: string, unit: string, [more, less]: readonly [string, string]): void => {
    const [most, least] = [
      ledger.samples({ what: more, unit }, 'tsicorn'),
      ledger.samples({ what: less, unit }, 'tsicorn'),
    ]
    const samples = most.map((value, round) => value / (least[round] ?? Number.NaN))
    ledger.claim(`${label}, ${unit}: ${more} / ${less}`, '', samples, null)
  }
  const [many, few] = quick ? ['1000', '1'] : ['10000', '100']
  ratio('tsicorn', 'us/request', [quick ? '4 workers' : '16 workers', '1 worker'])
  ratio('tsicorn', 'us/request', [`${many} connections`, `${few} connections`])
  if (!quick) ratio('tsicorn', 'KiB/connection', ['10000 connections', '1000 connections'])
  const largest = bodies(quick).at(-1)
  if (largest === undefined) return
  ledger.compare({ what: `body of ${largest[0]}`, unit: 'us/request' }, ['tsicorn', 'node'], null)
}

async function growWorkers(bench: Bench, ledger: Ledger, workers: number): Promise<void> {
  const { tools } = bench
  if (tools.wrk === null) return
  const port = await freePort()
  await using contender = await startTsicorn({ app, bind: `127.0.0.1:${port}`, workers })
  const order = { wrk: tools.wrk, port, path: '/', connections: 64, pids: contender.pids }
  await warmUp(order, bench.quick, workers)
  const { perSecond, microseconds } = await runWrk(order)
  const what = workers === 1 ? '1 worker' : `${workers} workers`
  ledger.add({ what, unit: 'answers/s' }, 'tsicorn', perSecond)
  ledger.add({ what, unit: 'us/request' }, 'tsicorn', microseconds)
  ledger.add({ what, unit: 'ms to ready' }, 'tsicorn', contender.readyMs)
  ledger.add({ what, unit: 'MiB of master' }, 'tsicorn', residentMiB(contender.pid))
}

async function growConnections(bench: Bench, ledger: Ledger, count: number): Promise<void> {
  const round = ledger.samples({ what: `${count} connections`, unit: 'us/request' }, 'node').length
  const socket = (name: string) => bench.dir.join(`${name}${count}-${round}.sock`)
  const flags = ['--worker-connections', '20000']
  const starts = [
    { place: socket('gn'), start: () => startBare({ app, place: socket('gn') }) },
    { place: socket('gt'), start: () => startTsicorn({ app, bind: `unix:${socket('gt')}`, workers: 1, flags }) },
  ]
  for (const { place, start } of starts) {
    await using contender = await start()
    const { microseconds, kibibytes } = await crowd(place, count, servingPid(contender))
    const what = `${count} connections`
    ledger.add({ what, unit: 'us/request' }, contender.who, microseconds)
    if (count >= 1000) ledger.add({ what, unit: 'KiB/connection' }, contender.who, kibibytes)
  }
}

function servingPid({ pid }: Contender): number {
  return childPids(pid)[0] ?? pid
}

const requests = 5000

async function crowd(place: string, count: number, pid: number) {
  const program = join(repository, 'test', 'bench', 'programs', 'crowd.mjs')
  const args = [program, place, String(count), String(requests)]
  const before = residentMiB(pid)
  const group = spawnGroup(process.execPath, args, { env: cleanEnvironment(), stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const lines = createInterface({ input: group.child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
    const line = () => settled(lines.next(), { what: `${count} connections to be served`, within: 60_000 })
    await line()
    const kibibytes = ((residentMiB(pid) - before) * 1024) / count
    const round = async (): Promise<number> => {
      const begin = processorTime([pid])
      group.child.stdin?.write('\n')
      await line()
      return (processorTime([pid]) - begin) / requests
    }
    for (let warm = 0; warm < 3; warm += 1) await round()
    return { microseconds: await round(), kibibytes }
  } finally {
    await group.kill()
  }
}

type Size = readonly [name: string, bytes: number, count: number]

/** Sizes of bodies, and how many of them are sent. */
function bodies(quick: boolean): readonly Size[] {
  const all = [
    ['1 kB', 1024, 2000],
    ['100 kB', 102_400, 400],
    ['10 MB', 10 * mebibyte, 10],
    ['100 MB', 100 * mebibyte, 2],
  ] as const
  return quick ? all.slice(0, 2) : all
}

async function growBodies(bench: Bench, ledger: Ledger): Promise<void> {
  const ports = [await freePort(), await freePort()] as const
  await using bare = await startBare({ app, place: String(ports[0]) })
  await using ours = await startTsicorn({ app, bind: `127.0.0.1:${ports[1]}`, workers: 1 })
  const both = [[bare, ports[0]] as const, [ours, ports[1]] as const]
  const [smallest] = bodies(bench.quick)
  for (const [, port] of both) if (smallest !== undefined) await post(port, smallest)
  for (const size of bodies(bench.quick)) {
    for (const [contender, port] of both) {
      const pid = servingPid(contender)
      const begin = processorTime([pid])
      await post(port, size)
      const what = `body of ${size[0]}`
      ledger.add({ what, unit: 'us/request' }, contender.who, (processorTime([pid]) - begin) / size[2])
    }
  }
}

async function post(port: number, [, bytes, count]: Size): Promise<void> {
  const body = Buffer.alloc(bytes, 'x')
  for (let sent = 0; sent < count; sent += 1) {
    const { body: told } = await request({ port }, '/', { method: 'POST', body, timeout: 60_000 })
    if (told !== `${bytes}\n`) throw new Error(`port ${port} took ${told.trim()} of ${bytes} bytes`)
  }
}
