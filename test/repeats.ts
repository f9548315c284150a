// `npm run test:repeats`: every integration test twenty times over, in rounds, each in an order of its own, so many at once
// that the processors are kept busy: `-- --times 5 --at-once 4` otherwise, words select files. Ends with 0 when none failed.
import { readdirSync } from 'node:fs'
import { availableParallelism, constants, cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { repository } from './helpers/repository.ts'
import { runProgram } from './helpers/run-program.ts'

const { values, positionals: words } = parseArgs({
  options: { times: { type: 'string', default: '20' }, 'at-once': { type: 'string' } },
  allowPositionals: true,
})
const bounded = (text: string | undefined, usual: number): number => Math.min(100, Math.max(1, Number(text) || usual))
const times = bounded(values.times, 20)
const atOnce = bounded(values['at-once'], 3 * availableParallelism())

/** The longest a file of tests may take, in milliseconds, where others want the processors too. */
const patience = 600_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const files = readdirSync(join(repository, 'test/integration'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && (words.length === 0 || words.some((word) => name.includes(word))))
  .map((name) => join('test/integration', name))
if (files.length === 0) {
  process.stderr.write(`No integration test has ${words.map((word) => `"${word}"`).join(' or ')} in its path.\n`)
  process.exit(2)
}
const runs = Array.from({ length: times }, (_, index) =>
  shuffled(files).map((file) => ({ file, round: index + 1 })),
).flat()
const rounds = Array.from({ length: times }, () => ({ passed: 0, failed: 0 }))
const failures: string[] = []
const started = { at: Date.now(), ...processorTimes() }

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => process.exit(128 + constants.signals[signal]))

say(`${files.length} files ${times} times, ${atOnce} at once`)
await Promise.all(Array.from({ length: atOnce }, runSome))
const passed = rounds.reduce((sum, round) => sum + round.passed, 0)
say(`${passed} of ${files.length * times} passed; the processors were busy for ${busy()} of ${minutes()}`)
for (const failure of failures) say(`✗ ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1

async function runSome(): Promise<void> {
  for (let next = runs.shift(); next !== undefined; next = runs.shift()) await run(next)
}

async function run({ file, round }: { readonly file: string; readonly round: number }): Promise<void> {
  const imports = ['--import', 'tsx', '--import', './test/helpers/fail-on-warning.mjs']
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const options = { cwd: repository, env, within: patience }
  const ended = runProgram(process.execPath, [...imports, '--test-reporter=spec', file], options)
  const { code, stdout, stderr } = await ended.catch((error: Error) => ({ code: 1, stdout: '', stderr: error.message }))
  const tally = rounds[round - 1]
  if (tally === undefined) return
  if (code === 0) tally.passed += 1
  else {
    tally.failed += 1
    failures.push(`${file}, round ${round}`)
    say(`✗ ${file}, round ${round}\n${stdout}${stderr}`)
  }
  if (tally.passed + tally.failed === files.length)
    say(
      `round ${round} of ${times}: ${tally.passed} passed, ${tally.failed} failed, after ${minutes()}, busy ${busy()}`,
    )
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}

function processorTimes(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((cpu) => cpu.times)
  const all = times.flatMap((time) => Object.values(time)).reduce((sum, time) => sum + time, 0)
  return { idle: times.reduce((sum, { idle }) => sum + idle, 0), all }
}

function busy(): string {
  const { idle, all } = processorTimes()
  return `${Math.round(100 * (1 - (idle - started.idle) / (all - started.all)))} %`
}

function minutes(): string {
  const seconds = Math.round((Date.now() - started.at) / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
