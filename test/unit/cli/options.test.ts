import assert from 'node:assert/strict'
import test from 'node:test'
import { Command } from 'commander'
import { addTableOptions, wholeNumber } from '../../../src/cli/options.ts'
import { flagSource } from '../../../src/settings/flags.ts'
import { integer } from '../../../src/settings/kinds/integer.ts'
import { ipRanges } from '../../../src/settings/kinds/ip-range.ts'
import { applicationSpec } from '../../../src/settings/kinds/names.ts'
import { onOff } from '../../../src/settings/kinds/switch.ts'
import { type SettingsTable, setting } from '../../../src/settings/setting.ts'

const common = { section: 'Section', summary: 'a summary', takesEffect: 'reload' } as const

const table: SettingsTable = {
  app: setting({ ...common, kind: applicationSpec, default: 'x', positional: true }),
  maxCount: setting({ ...common, kind: integer({ min: 1, max: 9 }), default: 2, short: 'm' }),
  peers: setting({ ...common, kind: ipRanges, default: ['::1'], environment: ['PEERS'] }),
  isOff: setting({ ...common, kind: onOff, default: false }),
  isOn: setting({ ...common, kind: onOff, default: true }),
  secretCount: setting({ ...common, kind: integer({ min: 1, max: 9 }), default: 2, secret: true }),
  inFileOnly: setting({ ...common, kind: onOff, default: false, only: 'file' }),
}

function command(): Command {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined })
  addTableOptions(command, table)
  return command
}

function given(...args: readonly string[]): unknown {
  return flagSource(table, command().parse(args, { from: 'user' }).opts()).values
}

test('what is typed becomes what the settings are read from: every text of a repeated flag, in order', () => {
  assert.deepEqual(given('--max-count', '0x1', '-m2', '--max-count=3', '--peers', '::2'), {
    maxCount: { from: '--max-count', texts: ['0x1', '2', '3'] },
    peers: { from: '--peers', texts: ['::2'] },
  })
})

test('a flag that is not typed says nothing: its default must not win over the config file', () => {
  assert.deepEqual(given(), {})
})

test('a switch can be put on and off, whatever its default', () => {
  assert.deepEqual(given('--is-off', '--no-is-on'), {
    isOff: { from: '--is-off', value: true },
    isOn: { from: '--is-on', value: false },
  })
  assert.deepEqual(given('--no-is-off', '--is-on'), {
    isOff: { from: '--is-off', value: false },
    isOn: { from: '--is-on', value: true },
  })
})

test('help shows the way of a switch that changes something, and what else a reader should know', () => {
  const shown = command()
    .options.filter((option) => !option.hidden)
    .map((option) => `${option.flags}: ${option.description}`)
  assert.deepEqual(shown, [
    '-m, --max-count <N>: a summary (default 2)',
    '--peers <IPS>: a summary (repeatable; default ::1; env PEERS)',
    '--is-off: a summary',
    '--no-is-on: a summary',
    '--secret-count <N>: a summary',
  ])
})

test('a setting for config files has no flag, and the argument of the command is none', () => {
  assert.throws(() => given('--in-file-only'), /unknown option/)
  assert.throws(() => given('--app', 'x'), /unknown option/)
})

test('the number of an option without a table is checked all the same', () => {
  const read = wholeNumber({ min: 1, max: 65_535 })
  assert.equal(read('8080'), 8080)
  for (const text of ['0', '65536', '80 ', '', '0x50', 'http']) assert.throws(() => read(text), /from 1 to 65535/)
})
