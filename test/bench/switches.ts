// `node --import tsx test/bench/switches.ts [APP] [PATH] [ROUNDS]`: what of a request behind nginx is waiting for the others.
// One nginx before two processes of bare node and before two workers of tsicorn, in turns: answers a second, processor time
// of a request, and how often the kernel took the processor away. `kernel.sched_autogroup_enabled` is left as it is.
import { readdirSync, readFileSync } from 'node:fs'
import { tempDir } from '../helpers/temp-dir.ts'
import { findProgram } from '../stack/needs.ts'
import { appOf, type Contender, startBare, startTsicorn } from './contenders.ts'
import { quantile } from './figures.ts'
import { startFront } from './front.ts'
import { keep } from './keep.ts'
import { runWrk, warmUp } from './wrk.ts'

const [app = 'express', path = '/', rounds = '5'] = process.argv.slice(2)
const seconds = 3

type Row = { readonly perSecond: number; readonly microseconds: number; readonly taken: number }

await using dir = await tempDir()
await using running = keep()
const socket = (name: string): string => dir.join(name)
const bare: Contender[] = []
for (const place of ['b1', 'b2'].map(socket)) bare.push(running.use(await startBare({ app: appOf(app), place })))
const bind = `unix:${socket('t{slot}')}`
const ours = running.use(await startTsicorn({ app: appOf(app), bind, workers: 2 }))
const pids = { node: () => bare.flatMap((one) => one.pids()), tsicorn: () => ours.pids() } as const
const sockets = { node: ['b1', 'b2'].map(socket), tsicorn: ['t1', 't2'].map(socket) }
const [wrk, nginx] = [findProgram('wrk'), findProgram('nginx')]
if (wrk === null || nginx === null) throw new Error('wrk and nginx are needed: apt-get install wrk nginx-light')
const front = running.use(await startFront(nginx, dir.path, sockets, { page: '' }))
const rows: Record<keyof typeof pids, Row[]> = { node: [], tsicorn: [] }
for (const who of ['node', 'tsicorn'] as const) await warmUp(order(who), false)
for (let round = 0; round < Number(rounds); round += 1)
  for (const who of round % 2 === 0 ? (['node', 'tsicorn'] as const) : (['tsicorn', 'node'] as const))
    await measure(who)
const ratios = rows.tsicorn.map(({ perSecond }, round) => perSecond / (rows.node[round]?.perSecond ?? Number.NaN))
process.stdout.write(
  `tsicorn / node: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}, median ${quantile(ratios, 0.5).toFixed(3)}\n`,
)

function order(who: keyof typeof pids) {
  return { wrk: wrk ?? '', path, pids: pids[who], port: front.portOf(who) }
}

async function measure(who: keyof typeof pids): Promise<void> {
  const before = takenAway(pids[who]())
  const { perSecond, microseconds } = await runWrk(order(who), seconds)
  const taken = (takenAway(pids[who]()) - before) / (perSecond * seconds)
  rows[who].push({ perSecond, microseconds, taken })
  const figures = `${perSecond.toFixed(0)} a second, ${microseconds.toFixed(0)} us each`
  process.stdout.write(`${who.padEnd(8)} ${figures}, the processor taken away ${taken.toFixed(2)} times each\n`)
}

/** How often threads had to make room for others (proc(5): nonvoluntary_ctxt_switches). */
function takenAway(those: readonly number[]): number {
  const threads = those.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`),
  )
  const counts = threads.map((place) =>
    /^nonvoluntary_ctxt_switches:\s+(\d+)/m.exec(readFileSync(`${place}/status`, 'latin1')),
  )
  return counts.reduce((sum, found) => sum + Number(found?.[1]), 0)
}
