import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../helpers/repository.ts'
import { classes } from './classes.ts'
import { document } from './document.ts'
import { allFrameworks } from './frameworks.ts'
import { lines, mark } from './report.ts'
import { type Cell, reasonAgainst, ways } from './run.ts'

const page = readFileSync(join(repository, 'templates', 'docs', 'frameworks.md'), 'utf8')

/** What the page would say if everything were kept that can be asked. */
const grids = classes.map((workerClass) => {
  const columns = allFrameworks.map((framework) => {
    const cells = lines.flatMap(({ id }) =>
      ways.map((way): Cell => {
        const why = reasonAgainst(id, framework, workerClass)
        return { framework: framework.id, line: id, way, outcome: why === null ? 'pass' : 'none', why: why ?? '' }
      }),
    )
    return { framework, version: '1.2.3', cells, missing: null }
  })
  return { workerClass, columns }
})

/** Versions may differ, and with them the width of their column. */
const structure = (text: string): string =>
  text
    .replaceAll(/\bv?\d+\.\d+\.\d+[-\w.]*/g, 'VERSION')
    .replace(/^Run with .*$/m, 'Run with VERSIONS')
    .replaceAll(/-{2,}/g, '--')
    .replaceAll(/ +/g, ' ')

test('the page of frameworks has every framework, line and reason of the grid, and everything on it is kept', () => {
  assert.equal(structure(page), structure(document(grids, ['VERSIONS'])))
})

test('the page shows what failed and what was not asked', () => {
  const column = grids[0]?.columns[0]
  assert.ok(column)
  const failing = column.cells.map((cell): Cell => (cell.way === 'unix' ? { ...cell, outcome: 'fail' } : cell))
  assert.equal(mark({ ...column, cells: failing }, 'health'), 'T!N')
  assert.equal(mark({ ...column, cells: column.cells.filter(({ way }) => way !== 'nginx') }, 'health'), 'TU?')
  assert.equal(mark(column, 'ws-echo'), '-')
  assert.equal(mark({ ...column, missing: 'no network' }, 'health'), '?')
})
