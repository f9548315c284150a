// `npm run test:faults`: seeds every fault that a check is for, and prints a matrix: the fault, the check that found it, the fix
// that was pasted, and whether nothing was wrong afterwards. What is given selects files of tests, as with `npm test`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './helpers/repository.ts'
import type { FaultRow } from './stack/check/matrix.ts'

const files = [
  'test/unit/deploy/host-faults.test.ts',
  'test/stack/check-files.test.ts',
  'test/stack/rehearse-faults.test.ts',
  'test/systems/check.test.ts',
  'test/systems/check-live.test.ts',
  'test/systems/certbot.test.ts',
]

const chosen = files.filter(
  (file) => process.argv.length < 3 || process.argv.slice(2).some((word) => file.includes(word)),
)
const folder = mkdtempSync(join(tmpdir(), 'faults-'))
const matrix = join(folder, 'matrix')
const { status } = spawnSync(process.execPath, ['--import', 'tsx', '--test', '--test-concurrency=1', ...chosen], {
  cwd: repository,
  env: { ...process.env, TSICORN_FAULT_MATRIX: matrix },
  stdio: 'inherit',
})
print(existsSync(matrix) ? readFileSync(matrix, 'utf8').split('\n').filter(Boolean).map(read) : [])
rmSync(folder, { recursive: true })
process.exitCode = status ?? 1

function read(line: string): FaultRow {
  return JSON.parse(line)
}

function print(rows: readonly FaultRow[]): void {
  const widths = [
    Math.max(5, ...rows.map(({ words }) => words.length)),
    Math.max(8, ...rows.map(({ seenBy }) => seenBy.length)),
  ]
  const line = (cells: readonly string[]) => say(cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  '))
  line(['fault', 'found by', 'clean', 'fix'])
  for (const { words, seenBy, fix, clean } of rows)
    line([words, seenBy, clean === null ? '-    ' : clean ? 'yes  ' : 'no   ', fix])
  const seen = new Set(rows.map(({ seenBy }) => seenBy))
  say(
    `${rows.length} faults, found by ${seen.size} checks; ${rows.filter(({ clean }) => clean).length} mended by the fix as it stands`,
  )
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
