import { mkdirSync, writeFileSync } from 'node:fs'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { freePort } from '../helpers/free-port.ts'
import { request } from '../helpers/http-request.ts'
import { childPids } from '../helpers/process-group.ts'
import { launcher } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { type Bench, orNone } from './bench.ts'
import { appOf, type Contender, startBare, startPm2, startTsicorn } from './contenders.ts'
import { processorTime, residentMiB } from './processes.ts'
import { Ledger, type Part } from './report.ts'

const title = 'Start and memory'
const apps = ['plain', 'express'] as const
const notes = [
  'From the start of the process until all workers listen: one process of node, against a master with two workers. Memory is resident, after 500 requests; what processes share is counted in each of them.',
]

/** As one has it who wants the memory rather than to know where a worker got stuck. */
const untraced = { who: 'tsicorn (no stall trace)', flags: ['--no-stall-trace'] } as const

const ms = (what: string) => ({ what, unit: 'ms' })
const memory = (what: string) => ({ what, unit: 'MiB' })

export async function start(bench: Bench): Promise<Part> {
  const ledger = new Ledger()
  for (let round = 0; round < bench.rounds; round += 1) {
    bench.say(`start: round ${round + 1} of ${bench.rounds}`)
    for (const app of apps) await startAll(bench, ledger, app)
    await runCommands(bench, ledger, round)
  }
  for (const app of apps) {
    // Without a framework there is nothing but two processes of node, one after the other.
    ledger.compare(ms(`ready, ${app}`), ['tsicorn', 'node'], app === 'express' ? { most: 2 } : null)
    ledger.compare(ms(`ready, ${app}`), ['PM2', 'node'], null)
    const bare = ledger.samples(memory(`worker, ${app}`), 'node')
    for (const [who, most] of [
      ['tsicorn', 16],
      [untraced.who, 6],
    ] as const) {
      const ours = ledger.samples(memory(`worker, ${app}`), who)
      const more = ours.map((value, round) => value - (bare[round] ?? Number.NaN))
      ledger.claim(`worker, ${app}: ${who} over node`, 'MiB', more, { most })
    }
  }
  ledger.claim('master', 'MiB', ledger.samples(memory('master'), 'tsicorn'), { most: 45 })
  ledger.compare(ms('a command'), ['tsicorn --help', 'node -e 0'], { most: 2 })
  ledger.claim('init --yes', 'ms', ledger.samples(ms('a command'), 'tsicorn init --yes'), { most: 1000 })
  return { id: 'start', title, notes, measures: ledger.measures, claims: ledger.claims }
}

async function startAll(bench: Bench, ledger: Ledger, name: string): Promise<void> {
  const app = appOf(name)
  const { pm2 } = bench.tools
  const starts: readonly ((port: number) => Promise<Contender>)[] = [
    (port) => startBare({ app, place: String(port) }),
    (port) => startTsicorn({ app, bind: `127.0.0.1:${port}`, workers: 2 }),
    (port) => startTsicorn({ ...untraced, app, bind: `127.0.0.1:${port}`, workers: 2 }),
    ...(pm2 === null
      ? []
      : [(port: number) => startPm2(pm2, bench.dir.path, { app, place: String(port), workers: 2 })]),
  ]
  for (const order of starts) {
    const port = await freePort()
    await using contender = await orNone(bench, order(port))
    if (contender === null) continue
    const { who, readyMs, pid } = contender
    ledger.add(ms(`processor time until ready, ${name}`), who, processorTime(contender.pids()) / 1000)
    ledger.add(ms(`ready, ${name}`), who, readyMs)
    for (let count = 0; count < 500; count += 1) await request({ port }, '/')
    const workers = childPids(pid)
    const each = workers.length === 0 ? [pid] : workers
    ledger.add(memory(`worker, ${name}`), who, each.reduce((sum, one) => sum + residentMiB(one), 0) / each.length)
    if (workers.length > 0) ledger.add(memory('master'), who, residentMiB(pid))
  }
}

async function runCommands({ dir }: Bench, ledger: Ledger, round: number): Promise<void> {
  const project = dir.join(`project-${round}`)
  mkdirSync(project)
  writeFileSync(`${project}/package.json`, '{"name":"bench","type":"module"}')
  writeFileSync(`${project}/app.js`, 'export default (request, response) => response.end()\n')
  const commands = {
    'node -e 0': ['-e', '0'],
    'tsicorn --help': [launcher, '--help'],
    'tsicorn init --yes': [launcher, 'init', '--yes', '--app', './app.js', '--domain', 'example.org', '--tls', 'off'],
  }
  for (const [who, args] of Object.entries(commands)) {
    const begin = performance.now()
    const { code, stderr } = await runProgram(process.execPath, args, { cwd: project, env: cleanEnvironment() })
    ledger.add(ms('a command'), who, performance.now() - begin)
    if (code !== 0) throw new Error(`${who} ends with ${code}: ${stderr}`)
  }
}
