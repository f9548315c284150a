import assert from 'node:assert/strict'
import test from 'node:test'
import { allOf, type Outcome, type Witness } from '../../../src/http/witness.ts'

function witness(name: string, told: string[]): Witness {
  const testimony = { end: (outcome: Outcome) => void told.push(`${name} ${outcome}`) }
  return { begin: () => testimony, upgrade: () => testimony, refuse: (status) => void told.push(`${name} ${status}`) }
}

test('where nobody looks on there is nothing to ask, and a single witness is asked directly', () => {
  const only = witness('a', [])
  assert.equal(allOf([]), null)
  assert.equal(allOf([only]), only)
})

test('all who look on hear of every begin, end and refusal', () => {
  const told: string[] = []
  const both = allOf([witness('a', told), witness('b', told)])
  const nothing = undefined as never
  both?.begin(nothing, nothing, nothing).end('complete')
  both?.upgrade(nothing, nothing, nothing).end('aborted')
  both?.refuse(400, nothing, null)
  assert.deepEqual(told, ['a complete', 'b complete', 'a aborted', 'b aborted', 'a 400', 'b 400'])
})
