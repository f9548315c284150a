// `npm test`: what the tests need, the build, the checks, then one run of node's test runner, whose summary comes last.
// What is given after `npm test --` selects test files by a part of their path: `npm test -- unit`, `npm test -- reload`;
// `--keep` keeps a booted machine in which something failed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { installDebian, unpackDebian, unpackedFolder } from './helpers/install-debian.mjs'
import { installed, unpacked } from './helpers/programs.mjs'

const repository = join(import.meta.dirname, '..')
process.chdir(repository)

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** The longest a test, and a file of tests, may take, in milliseconds. */
const patience = 600_000

// A user's PATH often lacks the folders of the system's daemons.
process.env.PATH = [process.env.PATH, '/usr/local/sbin', '/usr/sbin', '/sbin', unpackedFolder].join(delimiter)

installMissing()
rmSync('dist', { recursive: true, force: true })
step('build', ['node_modules/typescript/bin/tsc'])
step('build', ['test/join-modules.mjs'])
step('format and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'])
step('types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'test/tsconfig.json'])
const words = process.argv.slice(2).filter((word) => word !== '--keep')
if (process.argv.includes('--keep')) process.env.TSICORN_TEST_KEEP = '1'
process.exitCode = await test(selectFiles(words))

function installMissing() {
  const programs = { ...installed, ...unpacked }
  const missing = Object.keys(programs).filter((name) => !isInstalled(name))
  if (missing.length === 0) return
  const say = (line) => console.log(line)
  const packagesOf = (names) => [...new Set(names.map((name) => programs[name]))]
  if (process.getuid?.() === 0 && isInstalled('apt-get')) {
    const packages = packagesOf(missing.filter((name) => name in installed))
    if (packages.length > 0) installDebian(packages, say)
    for (const name of missing) if (name in unpacked) unpackDebian(name, unpacked[name], say)
  }
  const lacking = missing.filter((name) => !isInstalled(name))
  if (lacking.length === 0) return
  const command = `apt-get install --no-install-recommends ${packagesOf(lacking).join(' ')}`
  console.log(`Not installed: ${lacking.join(', ')}. Tests that need them are skipped. As root: ${command}`)
}

function isInstalled(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, name)))
}

function step(name, args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (status === 0) return
  console.error(`${stdout}${stderr}\nnpm test stops here: ${name} failed`)
  process.exit(1)
}

function selectFiles(words) {
  const files = readdirSync('test', { recursive: true })
    .map((name) => join('test', name))
    .filter((name) => /\.test\.ts$/.test(name) && !name.includes('node_modules'))
    .sort()
  const selected = words.length === 0 ? files : files.filter((name) => words.some((word) => name.includes(word)))
  if (selected.length > 0) return selected
  console.error(`No test file has ${words.map((word) => `"${word}"`).join(' or ')} in its path.`)
  process.exit(2)
}

function test(files) {
  const runner = [
    '--test',
    '--test-reporter=spec',
    `--test-timeout=${patience}`,
    `--test-concurrency=${availableParallelism()}`,
  ]
  const imports = ['--import', 'tsx', '--import', './test/helpers/fail-on-warning.mjs']
  const child = spawn(process.execPath, [...imports, ...runner, ...files], { stdio: 'inherit' })
  for (const signal of signals) process.removeAllListeners(signal).on(signal, () => child.kill(signal))
  return new Promise((resolve) => {
    child.on('close', (status) => resolve(status ?? 1))
  })
}
