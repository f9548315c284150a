// `npm run test:fuzz`: requests of the corpus, changed at random, and random bytes, over TCP, a unix socket, behind the
// PROXY protocol and as frames of HTTP/2. --seconds N and --count N bound it, --seed S repeats a run, --only N one attempt
// of it. Ends with a summary, and with 0 when the workers lived, every right request was served and nothing came back.
import { parseArgs } from 'node:util'
import { forEach } from '../helpers/replay.ts'
import { readCorpus } from '../helpers/request-corpus.ts'
import { settled, until } from '../helpers/until.ts'
import { type Attempt, attempt } from './attempt.ts'
import { count } from './oracle.ts'
import { type Figures, figuresOf, type Subject, startSubject } from './subject.ts'
import { type Way, waysTo } from './ways.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { seconds: text, count: text, seed: text, only: text } })
const seconds = Math.min(3600, Number(values.seconds ?? 60) || 60)
const most = Math.min(1_000_000, Number(values.count ?? 100_000) || 100_000)
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const only = values.only === undefined ? null : Number(values.only)

/** Attempts at a time, attempts between two looks at the server, and those after which it counts as warm. */
const [width, batch, warmUp] = [24, 240, 960] as const
/** What a worker may grow by after that: the answers that are on their way, and V8's own ideas of when to collect. */
const mostGrowth = 100 * 1024 ** 2
const mostTroubles = 10

const cases = [...readCorpus('valid'), ...readCorpus('invalid')].flatMap((family) => family.cases)
const begun = performance.now()
const troubles: string[] = []
const [tally, sent] = [new Map<string, number>(), new Map<string, number>()]
const elapsed = (): number => (performance.now() - begun) / 1000

process.stdout.write(`fuzz: seed ${seed}, at most ${seconds} s and ${most} attempts\n`)
const subject = await startSubject()
const grown = await fuzz(subject)
await end(subject)
for (const trouble of troubles.slice(0, mostTroubles)) process.stdout.write(`${trouble}\n`)
const [done, answers] = [[...sent], [...tally].sort()].map((pairs) => pairs.map(([what, often]) => `${what} ${often}`))
process.stdout.write(
  `fuzz: ${troubles.length === 0 ? 'ok' : `${troubles.length} TROUBLES`}, seed ${seed}, ${elapsed().toFixed(1)} s; attempts: ${done?.join(', ')}; answers: ${answers?.join(', ')}; workers grew by at most ${Math.round(grown / 1024 ** 2)} MB\n`,
)
process.exitCode = troubles.length === 0 ? 0 : 1

async function fuzz(server: Subject): Promise<number> {
  const corpus = (dice: Parameters<Way['make']>[0]): Buffer =>
    cases[dice.below(cases.length)]?.bytes(dice.below(9999)) ?? Buffer.alloc(0)
  const ways = waysTo(server, corpus)
  let base = server.servers.map(figuresOf)
  const first = only ?? 0
  const last = only === null ? most : only + 1
  let growth = 0
  for (let number = first; number < last && elapsed() < seconds && troubles.length < mostTroubles; number += batch) {
    const numbers = Array.from({ length: Math.min(batch, last - number) }, (_, index) => number + index)
    await forEach(numbers, width, async (one) => note(one, await attempt(ways, seed, one)))
    await probe(ways, number)
    const seen = server.servers.map(figuresOf)
    if (number < warmUp) base = seen.map((figures, at) => ({ ...figures, pid: base[at]?.pid ?? 0 }))
    growth = Math.max(growth, ...compare(base, seen, number))
  }
  return growth
}

function note(number: number, { way, sent: bytes, received, wrong }: Attempt): void {
  sent.set(way.name, (sent.get(way.name) ?? 0) + 1)
  if (way.name !== 'h2') count(tally, received)
  if (wrong === null) return
  const shown = JSON.stringify(bytes.toString('latin1').slice(0, 500))
  troubles.push(
    `attempt ${number} over ${way.name}: ${wrong}\n  again: npm run test:fuzz -- --seed ${seed} --only ${number}\n  sent: ${shown}`,
  )
}

async function probe(ways: readonly Way[], number: number): Promise<void> {
  for (const way of ways) {
    const served = await settled(way.probe(), { within: 10_000 }).catch((error: Error) => error.message)
    if (served !== true)
      troubles.push(`after attempt ${number} a right request over ${way.name} was not served: ${served}`)
  }
}

function compare(base: readonly Figures[], seen: readonly Figures[], number: number): readonly number[] {
  return seen.map(({ pid, resident }, at) => {
    const before = base[at] ?? { pid: 0, resident: 0 }
    if (pid !== before.pid) troubles.push(`after attempt ${number} worker ${before.pid} is gone`)
    if (resident - before.resident > mostGrowth) troubles.push(`after attempt ${number} a worker has ${resident} bytes`)
    return resident - before.resident
  })
}

/** Every connection is let go of, the log holds no error, and the servers stop as they are told. */
async function end(server: Subject): Promise<void> {
  for (const one of server.servers) {
    const idle = (): boolean => figuresOf(one).descriptors < 60
    await until(idle, { within: 40_000 }).catch(() =>
      troubles.push(`${figuresOf(one).descriptors} descriptors stay open`),
    )
    const ended = await one.stop('SIGTERM', { within: 60_000 }).catch(({ message }: Error) => ({ code: message }))
    if (ended.code !== 0) troubles.push(`a server ended with status ${ended.code}`)
  }
  try {
    await server[Symbol.asyncDispose]()
  } catch (error) {
    troubles.push((error as Error).message)
  }
}
