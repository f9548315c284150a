import assert from 'node:assert/strict'
import test from 'node:test'
import { runProgram } from '../../../src/cli/program.ts'
import { version } from '../../../src/cli/version.ts'
import { Failure } from '../../../src/contract/errors.ts'
import { exitCodes } from '../../../src/contract/exit-codes.ts'
import { masterSignals } from '../../../src/contract/signals.ts'
import { kebab } from '../../../src/settings/names.ts'
import { serverTable } from '../../../src/settings/server-table.ts'
import type { SettingsTable } from '../../../src/settings/setting.ts'
import { siteTable } from '../../../src/settings/site-table.ts'
import { createScreen } from './screen.ts'

async function say(...args: readonly string[]): Promise<string> {
  const { context, out } = createScreen()
  assert.equal(await runProgram(args, context), 0)
  return out()
}

async function refusal(...args: readonly string[]): Promise<string> {
  const failure = await runProgram(args, createScreen().context).then(
    () => assert.fail('accepted'),
    (error: unknown) => error,
  )
  assert.ok(failure instanceof Failure)
  assert.equal(failure.exit, exitCodes.usage)
  return failure.message
}

const longFlags = (table: SettingsTable) =>
  Object.entries(table).flatMap(([name, row]) => (row.positional || row.only === 'file' ? [] : [`--${kebab(name)}`]))

test('help has every setting that is a flag under the heading of its section, every signal and every exit status', async () => {
  for (const help of [await say('--help'), await say('serve', '--help'), await say('help', 'serve')]) {
    for (const flag of longFlags(serverTable)) assert.match(help, new RegExp(`^ .*--(?:no-)?${flag.slice(2)}\\b`, 'm'))
    const shown = Object.values<SettingsTable[string]>(serverTable).filter((row) => row.only !== 'file')
    for (const { section } of shown) assert.match(help, new RegExp(`^${section}$`, 'm'))
    for (const signal of Object.keys(masterSignals)) assert.match(help, new RegExp(`^  ${signal.slice(3)} `, 'm'))
    for (const status of Object.values(exitCodes)) assert.match(help, new RegExp(`^  ${status}  `, 'm'))
    assert.match(help, /^Examples$/m)
  }
})

test('help fits its width, and leaves no blanks at the ends of lines', async () => {
  for (const line of (await say('--help')).split('\n')) {
    assert.ok(line.length <= 110, line)
    assert.doesNotMatch(line, /\s$/)
  }
})

test('the first page names each command', async () => {
  const help = await say('help')
  for (const command of ['init', 'rehearse']) assert.match(help, new RegExp(`^  tsicorn ${command} `, 'm'))
  assert.equal(help, await say('-h'))
})

test('init has an option for every answer, and rehearse its own', async () => {
  const help = await say('init', '--help')
  for (const flag of [...longFlags(siteTable), '--answers', '--yes', '--force', '--diff']) {
    assert.match(help, new RegExp(`^ .*--(?:no-)?${flag.slice(2)}\\b`, 'm'))
  }
  const rehearse = await say('rehearse', '--help')
  for (const flag of ['--once', '--json', '--strict', '--http-port', '--https-port', '--keep']) {
    assert.ok(rehearse.includes(flag), flag)
  }
})

test('the version is that of the package, alone on its line', async () => {
  assert.equal(await say('--version'), `${version()}\n`)
  assert.match(version(), /^\d+\.\d+\.\d+/)
})

test('an unknown flag is answered with the one that was meant, in one line that is safe to show', async () => {
  assert.equal(await refusal('--wokers', '3'), "unknown option '--wokers'; did you mean --workers?")
  assert.match(await refusal('serve', '--checkconfig'), /did you mean --check-config\?$/)
  assert.doesNotMatch(await refusal('--a\nb\u001b[2J'), /\p{Cc}/u)
})

test('a flag without its value and a second application are refused', async () => {
  assert.match(await refusal('-w'), /argument missing/)
  assert.match(await refusal('a.js', 'b.js'), /too many arguments/)
  assert.match(await refusal('rehearse', '--http-port', '65536'), /a whole number from 1 to 65535/)
})

test('a slip in the name of a command is not taken for an application', async () => {
  assert.equal(await refusal('inti'), 'there is no command inti; did you mean init?')
  assert.equal(await refusal('reherse', '--once'), 'there is no command reherse; did you mean rehearse?')
})
