import { freePort } from '../helpers/free-port.ts'
import { type Bench, orNone, rotated } from './bench.ts'
import { appOf, type Contender, startTsicorn } from './contenders.ts'
import { type Keep, keep } from './keep.ts'
import { type PeerOrder, peerFolder, startGunicorn, startPassenger, startWatt } from './peer-servers.ts'
import { Ledger, type Part } from './report.ts'
import { askInTurns, warmUp } from './wrk.ts'

const title = 'Other servers'
const paths = ['/', '/page'] as const
const notes = [
  'Two workers each on a port of 127.0.0.1, asked by wrk directly: an application of Express, and for Gunicorn one of WSGI that answers the same. A request of Gunicorn is also a connection, since its worker keeps none. Processor time is that of all processes of a server, where they are known.',
]

/** Whose processes leave the one that started them, so that nobody knows what they use. */
const daemons: ReadonlySet<string> = new Set(['Passenger'])

type Stall = { readonly contender: Contender; readonly port: number }

/** What else serves applications, of Node.js and not: not the same program on the same sockets, so there are no goals. */
export async function peers(bench: Bench): Promise<Part> {
  const { wrk } = bench.tools
  const ledger = new Ledger()
  if (wrk === null) return { id: 'peers', title, notes, measures: [], claims: [] }
  await using running = keep()
  const stalls = await openStalls(bench, running)
  const order = ({ contender: { pids }, port }: Stall, path: string) => ({ wrk, port, path, pids })
  for (const stall of stalls) for (const path of paths) await warmUp(order(stall, path), bench.quick)
  for (let round = 0; round < bench.rounds; round += 1) {
    bench.say(`peers: round ${round + 1} of ${bench.rounds}`)
    for (const path of paths) {
      const asked = await askInTurns(rotated(stalls, round), (stall) => order(stall, path), bench.turns)
      for (const [stall, { perSecond, microseconds }] of asked) {
        ledger.add({ what: path, unit: 'answers/s' }, stall.contender.who, perSecond)
        if (!daemons.has(stall.contender.who))
          ledger.add({ what: path, unit: 'us/request' }, stall.contender.who, microseconds)
      }
    }
  }
  const others = stalls.map(({ contender }) => contender.who).filter((who) => who !== 'tsicorn')
  for (const path of paths)
    for (const who of others) ledger.compare({ what: path, unit: 'answers/s' }, ['tsicorn', who], null)
  return { id: 'peers', title, notes, measures: ledger.measures, claims: ledger.claims }
}

async function openStalls(bench: Bench, running: Keep): Promise<readonly Stall[]> {
  const { workers, dir, tools } = bench
  const { peers: found } = tools
  const app = appOf('express')
  const starts: readonly ((order: PeerOrder) => Promise<Contender>)[] = [
    ({ port }) => startTsicorn({ app, bind: `127.0.0.1:${port}`, workers }),
    ...(found.gunicorn === null ? [] : [(order: PeerOrder) => startGunicorn(found, order)]),
    ...(found.passenger === null ? [] : [(order: PeerOrder) => startPassenger(found, order)]),
    ...(found.watt === null ? [] : [(order: PeerOrder) => startWatt(found, order)]),
  ]
  const stalls: Stall[] = []
  for (const start of starts) {
    const port = await freePort()
    const contender = await orNone(bench, start({ app, port, workers, folder: peerFolder(dir.path) }))
    if (contender !== null) stalls.push({ contender: running.use(contender), port })
  }
  return stalls
}
