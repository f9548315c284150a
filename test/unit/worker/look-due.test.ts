import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLookDue } from '../../../src/worker/look-due.ts'

test('a loop that stands still is looked into twice before its time is up, well apart, and never more often', () => {
  const looked: number[] = []
  for (let silence = 0; silence < 3000; silence += 10) {
    if (isLookDue(silence, 1000, looked.length)) looked.push(silence)
  }
  const [first = 0, second = 0] = looked
  assert.equal(looked.length, 2)
  assert.ok(first >= 300 && second <= 800 && second - first >= 200, `${first} and ${second} ms`)
})

test('where nobody is killed for silence nobody is looked into', () => {
  assert.equal(isLookDue(1e9, 0, 0), false)
})
