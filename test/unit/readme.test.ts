import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { exitCodes } from '../../src/contract/exit-codes.ts'
import { masterSignals } from '../../src/contract/signals.ts'
import { serverTable } from '../../src/settings/server-table.ts'
import { siteTable } from '../../src/settings/site-table.ts'
import { installed, unpacked } from '../helpers/programs.mjs'
import { repository } from '../helpers/repository.ts'
import { plan } from './floor-plan/plan.ts'

const pages = ['README.md', 'src/README.md', 'test/README.md', 'CHANGELOG.md']
const read = (path: string) => readFileSync(join(repository, path), 'utf8')

/** The cells of the table whose first heading is `heading`, row by row. */
function tableRows(page: string, heading: string): readonly (readonly string[])[] {
  const lines = read(page).split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`)) + 2
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'))
  return lines.slice(start, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

test('the README lists every signal in the words of the contract', () => {
  const promised = Object.entries(masterSignals).map(([name, meaning]) => [name.slice(3), meaning])
  assert.deepEqual(tableRows('README.md', 'signal'), promised)
})

test('the README lists every exit status', () => {
  assert.deepEqual(
    tableRows('README.md', 'status').map(([status]) => Number(status)),
    Object.values(exitCodes).sort(),
  )
})

test('the README names every Debian package that npm test installs, or takes something out of', () => {
  const [, told = ''] = /it first installs(.*?)`~\/\.cache/s.exec(read('README.md')) ?? []
  const words = new Set(told.match(/[a-z][a-z0-9.-]*[a-z0-9]/g))
  const packages = [...Object.values(installed), ...Object.values(unpacked)]
  assert.deepEqual(
    packages.filter((name) => !words.has(name)),
    [],
  )
})

const deployFlags = ['dry-run', 'check', 'active', 'rollback', 'uninstall']

test('every flag in the README exists', () => {
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const settings = [...Object.keys(serverTable), ...Object.keys(siteTable)].map(kebab)
  const known = new Set([...settings, 'yes', 'once', 'json', 'http-port', 'https-port', 'help', ...deployFlags])
  const used = [...read('README.md').matchAll(/--([a-z][a-z-]+)/g)].map(([, name = '']) => name)
  assert.deepEqual(
    used.filter((name) => !known.has(name)),
    [],
  )
})

test('the rooms of src/README.md are those of the floor plan', () => {
  const words = (text: string | undefined) => (text ?? '').split(', ').filter((word) => word !== '')
  for (const [name = '', , rooms = '', packages] of tableRows('src/README.md', 'room')) {
    const allowed = plan[name]
    assert.ok(allowed, `${name} is in the plan`)
    for (const word of words(packages)) assert.ok(allowed.packages.includes(word), `${name} may have ${word}`)
    if (!/nothing|all but/.test(rooms)) for (const room of words(rooms)) assert.ok(allowed.rooms.includes(room))
  }
})

test('links between the pages lead somewhere', () => {
  const links = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => join(dirname(page), link)),
  )
  assert.ok(links.length > 0)
  assert.deepEqual(
    links.filter((link) => !existsSync(join(repository, link))),
    [],
  )
})
