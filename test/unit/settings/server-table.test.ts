import assert from 'node:assert/strict'
import test from 'node:test'
import { environmentName, kebab } from '../../../src/settings/names.ts'
import { serverTable } from '../../../src/settings/server-table.ts'
import type { Setting, SettingsTable } from '../../../src/settings/setting.ts'

const table: SettingsTable = serverTable
const rows: readonly (readonly [string, Setting<unknown, unknown>])[] = Object.entries(table)

test('every setting says what it is, in a line and at length', () => {
  for (const [name, row] of rows) {
    assert.match(row.summary, /^[^\n]{10,90}$/, name)
    assert.ok((row.details ?? '').length > 30, `${name} has details`)
    assert.match(row.section, /^[A-Z][a-z]+$/, name)
    assert.match(row.kind.expects, /^\S/, name)
  }
})

test('every default is a value that its own setting would accept', () => {
  for (const [name, { kind, default: value }] of rows) {
    if (value === null || kind.format(value) === '') continue
    assert.deepEqual(kind.parse(kind.format(value)), { ok: true, value }, name)
  }
})

test('no two settings share a flag, a letter, an environment name or a synonym', () => {
  const spellings = rows.flatMap(([name, row]) => [
    ...[kebab(name), environmentName(name)],
    ...(row.short ?? []),
    ...(row.environment ?? []),
    ...(row.synonyms ?? []),
  ])
  assert.deepEqual(spellings.length, new Set(spellings).size)
})

test('the letters are those that users of Gunicorn know', () => {
  const letters = Object.fromEntries(rows.flatMap(([name, { short }]) => (short === undefined ? [] : [[short, name]])))
  assert.deepEqual(letters, {
    e: 'env',
    b: 'bind',
    m: 'umask',
    w: 'workers',
    k: 'workerClass',
    t: 'timeout',
    u: 'user',
    g: 'group',
    p: 'pid',
    D: 'daemon',
    n: 'name',
    c: 'config',
  })
})
