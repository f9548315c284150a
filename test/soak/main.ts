// `npm run test:soak`: a server under load, whose workers are reloaded, killed, hung, recycled and scaled for ten minutes.
// --minutes N for a shorter run, --json for machines. Ends with 0 when every promise held, else with 1.
import { parseArgs } from 'node:util'
import { pause } from '../helpers/pause.ts'
import { until } from '../helpers/until.ts'
import { type Deeds, hangOne, killOne, reload, rotate, scale } from './disturbances.ts'
import { type Load, startLoad } from './load.ts'
import { type Figures, figuresOf } from './process-figures.ts'
import { readLogs } from './read-logs.ts'
import { type Subject, startSubject } from './subject.ts'
import { judge, lostOf, type Outcome, type Row } from './verdict.ts'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, json: { type: 'boolean' } } })
const minutes = Math.min(60, Math.max(0.1, Number(values.minutes) || 10))
const workers = 8
const clients = 12

/** Part of the time after which the master counts as grown up: what V8 takes at first is no leak. */
const warmUp = 0.1

/** How long a dead child may wait to be taken note of, in milliseconds. */
const forgottenMs = 5000

/** On a busy machine it goes on until enough workers are replaced, but no longer than so many times the minutes. */
const mostExtension = 3

await using subject = await startSubject(workers)
const outcome = await soak(subject)
const rows = judge(outcome)
const isOk = rows.every(({ ok }) => ok !== false)
process.stdout.write(values.json ? `${JSON.stringify({ ok: isOk, rows, details: detailsOf(outcome) })}\n` : table(rows))
if (!isOk && !values.json) process.stdout.write(`\n${JSON.stringify(detailsOf(outcome), null, 2)}\n`)
process.exitCode = isOk ? 0 : 1

async function soak(server: Subject): Promise<Outcome> {
  const start = performance.now()
  const load = startLoad({ port: server.port }, clients)
  const deeds: Deeds = { count: { reloads: 0, kills: 0, hangs: 0, rotations: 0, scalings: 0 }, victims: [] }
  const troubles: string[] = []
  const memory: number[] = []
  const watch = watchZombies(server.pid)
  const elapsed = (): number => (performance.now() - start) / 60_000
  let before: Figures | null = null
  const leastReplaced = minutes >= 10 ? 1000 : Math.floor(minutes * 25)
  let replaced = 0
  const isDone = (): boolean => elapsed() >= minutes * (replaced < leastReplaced ? mostExtension : 1)
  for (let round = 1; !isDone(); round += 1) {
    await disturb(server, deeds, round).catch((error: Error) => troubles.push(error.message))
    watch.look()
    if (elapsed() >= minutes * warmUp) memory.push(figuresOf(server.pid).rssKiB)
    replaced = await replacedBy(server)
    if (before === null && elapsed() >= minutes * warmUp) before = await quietFigures(server, load)
    if (round % 10 === 0) progress(server, { load, deeds, elapsed: elapsed() })
  }
  const after = await quietFigures(server, load)
  replaced = await replacedBy(server)
  await load.stop()
  server.signal('SIGTERM')
  let exitCode: number | null = null
  void server.ended.then(({ code }) => {
    exitCode = code ?? -1
  })
  await until(() => exitCode !== null, { what: 'the server to end', within: 30_000 })
  const logs = readLogs(server.logFile, new Set(deeds.victims.map(({ pid }) => pid)))
  return {
    ...{
      minutes: elapsed(),
      load,
      deeds,
      logs,
      stray: server.stray,
      before: before ?? after,
      after,
      troubles,
      exitCode,
    },
    memory,
    ...{ zombies: watch.forgotten(), replaced, leastReplaced },
  }
}

/** One disturbance after the other, in a fixed order, so that each meets each. */
async function disturb(server: Subject, deeds: Deeds, round: number): Promise<void> {
  if (round % 2 === 1) await reload(server, deeds)
  if (round % 3 === 0) await killOne(server, deeds)
  if (round % 5 === 0) await rotate(server, deeds)
  if (round % 7 === 0) await scale(server, deeds)
  if (round % 8 === 6) await hangOne(server, deeds)
  if (round % 4 === 0) await Promise.all([reload(server, deeds), killOne(server, deeds)])
}

/** Taken when there is nothing to do and nobody boots or leaves, so that two of them can be compared. */
async function quietFigures(server: Subject, load: Load): Promise<Figures> {
  load.hold(true)
  await server.settled()
  let least = figuresOf(server.pid)
  // The conversation in which the master was asked whether it is quiet is a descriptor too, for a moment.
  for (let look = 0; look < 20; look += 1) {
    await pause(50)
    const figures = figuresOf(server.pid)
    if (figures.descriptors < least.descriptors) least = figures
  }
  load.hold(false)
  return least
}

/** Ids of workers are never used twice, so the highest tells how many there were. */
async function replacedBy(server: Subject): Promise<number> {
  const view = await server.status()
  return Math.max(...view.workers.map(({ id }) => id)) - workers
}

/** A child that has just died is a zombie for a moment; one that is still there after some time is forgotten. */
function watchZombies(pid: number) {
  const seen = new Map<number, number>()
  const forgotten = new Set<number>()
  return {
    look: () => {
      const { zombies } = figuresOf(pid)
      const now = performance.now()
      for (const zombie of seen.keys()) if (!zombies.includes(zombie)) seen.delete(zombie)
      for (const zombie of zombies) {
        const since = seen.get(zombie) ?? now
        seen.set(zombie, since)
        if (now - since > forgottenMs) forgotten.add(zombie)
      }
    },
    forgotten: () => forgotten.size,
  }
}

function progress(server: Subject, { load, deeds, elapsed }: { load: Load; deeds: Deeds; elapsed: number }): void {
  const { descriptors, rssKiB, threads } = figuresOf(server.pid)
  const { reloads, kills, hangs } = deeds.count
  const words = [
    `${Math.round(elapsed * 60)} s: ${load.answered()} answered, ${lostOf(load, deeds).length} lost`,
    `${reloads} reloads, ${kills} kills, ${hangs} hangs`,
    `master ${(rssKiB / 1024).toFixed(1)} MiB, ${descriptors} descriptors, ${threads} threads`,
  ]
  process.stderr.write(`${words.join('; ')}\n`)
}

function table(lines: readonly Row[]): string {
  const mark = (ok: boolean | null): string => (ok === null ? ' ' : ok ? '✓' : '✗')
  const width = Math.max(...lines.map(({ what }) => what.length))
  const rest = ({ found, expected }: Row): string => (expected === '' ? found : `${found}  (expected ${expected})`)
  return `${lines.map((row) => `${mark(row.ok)} ${row.what.padEnd(width)}  ${rest(row)}`).join('\n')}\n`
}

function detailsOf({ load, deeds, stray, logs, troubles }: Outcome) {
  const lost = lostOf(load, deeds).map((loss) => ({ ...loss, at: new Date(loss.at).toISOString() }))
  return { lost: lost.slice(0, 20), stray, torn: logs.torn, unclaimed: logs.unclaimed, troubles }
}
