// Inside the host of the run's own: adds the box, starts the machine, runs the tests in it, one file after another, and
// destroys it: inside.ts BOX WORDS...
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'

const [box = '', ...words] = process.argv.slice(2)
const name = process.env['TSICORN_TEST_MACHINE'] ?? ''
const keeps = process.env['TSICORN_TEST_KEEP'] === '1'
const begun = performance.now()
const say = (line: string): void => void process.stdout.write(`${seconds()} s in the host: ${line}\n`)

process.exitCode = await main()

async function main(): Promise<number> {
  await vagrant('box', 'add', '--force', '--name', process.env['TSICORN_BOX'] ?? '', '--provider', 'libvirt', box)
  say('the box is there')
  if ((await vagrant('up', name)) !== 0) return 1
  say(`${name} is up`)
  const failed = []
  for (const file of selected()) {
    const from = seconds()
    if ((await testIn(file)) !== 0) failed.push(file)
    say(`${file}: ${seconds() - from} s`)
    if (failed.length > 0 && keeps) await wait()
  }
  await vagrant('destroy', '--force', name)
  if (failed.length > 0) say(`failed: ${failed.join(', ')}`)
  return failed.length === 0 ? 0 : 1
}

function selected(): readonly string[] {
  const files = readdirSync(join(repository, 'test/systems')).filter((file) => file.endsWith('.test.ts'))
  // In the order in which they are asked for.
  return [...new Set(words.flatMap((word) => files.filter((file) => file.includes(word))))]
}

/** One at a time: all of them share the machine, which is made anew for each. */
function testIn(file: string): Promise<number> {
  const runner = ['--test', '--test-reporter=spec', '--test-timeout=1800000', '--test-concurrency=1']
  const imports = ['--import', 'tsx', '--import', './test/helpers/fail-on-warning.mjs']
  return run(process.execPath, [...imports, ...runner, join('test/systems', file)])
}

function vagrant(...args: readonly string[]): Promise<number> {
  return run('vagrant', ['--no-tty', ...args])
}

async function run(file: string, args: readonly string[]): Promise<number> {
  const group = spawnGroup(file, args, { stdio: ['ignore', 'inherit', 'inherit'], cwd: repository })
  const { code } = await group.ended
  return code ?? 1
}

/** For ever: whoever looks at what failed ends the run with Ctrl-C. */
function wait(): Promise<number> {
  say(`the machine is kept until Ctrl-C; enter its host, then: cd vagrant && vagrant ssh ${name}`)
  return run('sleep', ['infinity'])
}

function seconds(): number {
  return Math.round((performance.now() - begun) / 1000)
}
