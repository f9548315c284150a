import assert from 'node:assert/strict'
import test from 'node:test'
import { parseStat } from '../../../src/deploy/processes.ts'

test('a process is read from its line in /proc', () => {
  assert.deepEqual(parseStat('412 (nginx) S 400 412 412 0 -1 4194560'), {
    pid: 412,
    name: 'nginx',
    state: 'S',
    parent: 400,
    group: 412,
  })
})

test('a process may call itself anything, parentheses and states included', () => {
  const found = parseStat('7 (a) Z 1 (b) R 3 7 7 0')
  assert.equal(found?.name, 'a) Z 1 (b')
  assert.equal(found?.state, 'R')
  assert.equal(found?.parent, 3)
})

test('half a line is no process', () => {
  assert.equal(parseStat('412 (ngi'), null)
  assert.equal(parseStat(''), null)
})
