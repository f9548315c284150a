import assert from 'node:assert/strict'
import test from 'node:test'
import { OutputBudget, outputBudget } from '../../../src/arbiter/output-budget.ts'
import { longestLine, OutputLines } from '../../../src/arbiter/output-lines.ts'

function cut(...chunks: readonly (string | Buffer)[]): readonly string[] {
  const found: string[] = []
  const lines = new OutputLines((line) => found.push(line))
  for (const chunk of chunks) lines.add(Buffer.from(chunk))
  lines.end()
  return found
}

test('lines are found however the bytes are cut, and empty ones are left out', () => {
  const [head, tail] = [Buffer.from('grün\n').subarray(0, 3), Buffer.from('grün\n').subarray(3)]
  assert.deepEqual(cut('a\nb', 'c\r\n\n', head, tail, 'end'), ['a', 'bc', 'grün', 'end'])
})

test('of a line that never ends no more is kept than may be told', () => {
  const found = cut(...Array.from({ length: 100 }, () => 'x'.repeat(1000)), '\nnext\n')
  assert.deepEqual(found, [`${'x'.repeat(longestLine)} … [cut]`, 'next'])
  assert.deepEqual(cut('y'.repeat(longestLine), '\n'), ['y'.repeat(longestLine)])
})

test('what the reader does with its memory changes no line', () => {
  const found: string[] = []
  const lines = new OutputLines((line) => found.push(line))
  const space = Buffer.from('begin')
  lines.add(space)
  space.fill('z')
  lines.add(Buffer.from(' end\n'))
  assert.deepEqual(found, ['begin end'])
})

test('what is too much within a second is counted and told when the second is over', () => {
  const told: number[] = []
  const budget = new OutputBudget((lost) => told.push(lost))
  const admitted = (count: number, at: number, line = 'x'): number =>
    Array.from({ length: count }, () => budget.admits(line, at)).filter(Boolean).length
  assert.equal(admitted(outputBudget.lines + 7, 0), outputBudget.lines)
  assert.deepEqual(told, [])
  assert.equal(admitted(1, outputBudget.windowMs), 1)
  assert.deepEqual(told, [7])
  assert.equal(admitted(5, 2 * outputBudget.windowMs, 'x'.repeat(1 << 20)), 4)
  budget.settle()
  assert.deepEqual(told, [7, 1])
})
