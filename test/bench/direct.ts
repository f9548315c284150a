import { freePort } from '../helpers/free-port.ts'
import { type Bench, rotated, roundsOf } from './bench.ts'
import { appOf, type Contender, startBare, startCluster, startTsicorn } from './contenders.ts'
import { type Keep, keep } from './keep.ts'
import { Ledger, type Part } from './report.ts'
import { askInTurns, warmUp } from './wrk.ts'

const title = 'Throughput without nginx'
const apps = ['plain', 'express', 'fastify'] as const
const notes = [
  'One worker each on a TCP port of its own, Hello, world, asked by wrk directly. plain is a bare listener of node:http: the least a request can cost, and so the most that the server in front of it can show. Each round has processes of its own.',
]

type Stall = { readonly contender: Contender; readonly port: number }

/** One process against one process, nothing between it and the client. */
export async function direct(bench: Bench): Promise<Part> {
  const { wrk } = bench.tools
  const ledger = new Ledger()
  if (wrk === null) return { id: 'direct', title, notes, measures: [], claims: [] }
  for (const app of apps) await measure(bench, wrk, { app, ledger })
  for (const app of apps) {
    ledger.compare({ what: app, unit: 'answers/s' }, ['tsicorn', 'node'], { least: 0.97 })
    ledger.compare({ what: app, unit: 'us/request' }, ['tsicorn', 'node'], null)
    ledger.compare({ what: app, unit: 'us/request' }, ['tsicorn + access log', 'node'], null)
  }
  return { id: 'direct', title, notes, measures: ledger.measures, claims: ledger.claims }
}

type Task = { readonly app: string; readonly ledger: Ledger }

async function measure(bench: Bench, wrk: string, { app, ledger }: Task): Promise<void> {
  for (let round = 0; round < roundsOf(bench); round += 1) {
    bench.say(`direct, ${app}: round ${round + 1} of ${roundsOf(bench)}`)
    await using running = keep()
    const stalls = rotated(await open(bench, app, running), round)
    const order = ({ contender, port }: Stall) => ({ wrk, port, path: '/', pids: contender.pids })
    for (const stall of stalls) await warmUp(order(stall), bench.quick)
    for (const [stall, { perSecond, microseconds }] of await askInTurns(stalls, order, bench.turns)) {
      ledger.add({ what: app, unit: 'answers/s' }, stall.contender.who, perSecond)
      ledger.add({ what: app, unit: 'us/request' }, stall.contender.who, microseconds)
    }
  }
}

async function open({ dir }: Bench, name: string, running: Keep): Promise<readonly Stall[]> {
  const app = appOf(name)
  const logged = { who: 'tsicorn + access log', flags: ['--access-logfile', dir.join(`${name}.direct.log`)] }
  const starts = [
    (port: number) => startBare({ app, place: String(port) }),
    (port: number) => startTsicorn({ app, bind: `127.0.0.1:${port}`, workers: 1 }),
    (port: number) => startTsicorn({ app, bind: `127.0.0.1:${port}`, workers: 1, ...logged }),
    (port: number) => startCluster({ app, place: String(port), workers: 1 }),
  ]
  const stalls: Stall[] = []
  for (const start of starts) {
    const port = await freePort()
    stalls.push({ contender: running.use(await start(port)), port })
  }
  return stalls
}
