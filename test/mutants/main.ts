// `npm run test:mutants`: puts one deliberate fault after the other into a copy of the repository and runs the test that has
// to see it. Prints a table, and ends with 0 when every fault was seen where it should be. Words select faults.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { repository } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import type { Mutant } from './mutant.ts'
import { nginxFaults } from './nginx-faults.ts'
import { serverFaults } from './server-faults.ts'
import { unitFaults } from './unit-faults.ts'

const mutants: readonly Mutant[] = [...unitFaults, ...nginxFaults, ...serverFaults]

/** The longest a test may take, in milliseconds: a fault may also make it hang. */
const patience = 120_000

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const copy = mkdtempSync(join(tmpdir(), 'tsicorn-mutants-'))
const clear = () => rmSync(copy, { recursive: true, force: true })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    clear()
    process.exit(128 + constants.signals[signal])
  })
}
process.exitCode = await main().finally(clear)

async function main(): Promise<number> {
  const words = process.argv.slice(2)
  const chosen = mutants.filter(({ fault }) => words.length === 0 || words.some((word) => fault.includes(word)))
  copyRepository()
  // A test that fails anyway shows nothing.
  for (const file of new Set(chosen.map(({ test }) => test))) {
    const { failed, output } = await run(file)
    if (failed.length === 0) continue
    say(`${file} fails without any fault: ${failed.join(', ')}\n${output}`)
    return 2
  }
  const missed = []
  for (const mutant of chosen) {
    const verdict = await judge(mutant)
    if (verdict !== null) missed.push(mutant)
    say(
      `${verdict === null ? 'seen  ' : 'MISSED'} | ${mutant.fault} | ${mutant.file} | ${mutant.test}${verdict === null ? '' : `\n         ${verdict}`}`,
    )
  }
  say(`${chosen.length - missed.length} of ${chosen.length} faults were seen`)
  return missed.length === 0 ? 0 : 1
}

/** Null when the fault was seen where it should be, else what happened instead. */
async function judge({ file, from, to, test, name }: Mutant): Promise<string | null> {
  const path = join(copy, file)
  const text = readFileSync(path, 'utf8')
  if (text.split(from).length !== 2) return `${JSON.stringify(from)} is there ${text.split(from).length - 1} times`
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  try {
    const { failed } = await run(test)
    return failed.some((title) => name.test(title)) ? null : `failed: ${failed.join(', ') || 'nothing'}`
  } finally {
    writeFileSync(path, text)
  }
}

async function run(file: string): Promise<{ failed: readonly string[]; output: string }> {
  const imports = ['--import', 'tsx', '--import', './test/helpers/fail-on-warning.mjs']
  const words = [...imports, '--test', '--test-reporter=tap', `--test-timeout=${patience}`, file]
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const ended = runProgram(process.execPath, words, { cwd: copy, env, within: patience })
  const { code, stdout, stderr } = await ended.catch((error: Error) => ({ code: 1, stdout: '', stderr: error.message }))
  const titles = [...stdout.matchAll(/^ *not ok \d+ - (.*)$/gm)].map(([, title = '']) => title)
  return { failed: code === 0 ? [] : titles, output: stdout + stderr }
}

/** All that git knows of, as it is now; the packages are linked. */
function copyRepository(): void {
  const list = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: repository,
    encoding: 'utf8',
  })
  for (const path of list.stdout.split('\0').filter(Boolean)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(join(repository, path), join(copy, path), { errorOnExist: false })
  }
  for (const folder of ['node_modules', 'dist']) symlinkSync(join(repository, folder), join(copy, folder))
}
