import assert from 'node:assert/strict'
import test from 'node:test'
import { collectGarbage, Garbage } from '../../../src/arbiter/garbage.ts'

test('what ended workers leave in memory is collected once for all that end meanwhile', () => {
  const waiting: (() => void)[] = []
  let collections = 0
  const garbage = new Garbage(
    () => {
      collections += 1
    },
    (deed) => void waiting.push(deed),
  )
  garbage.left()
  garbage.left()
  assert.deepEqual([waiting.length, collections], [1, 0])
  waiting.shift()?.()
  assert.deepEqual([waiting.length, collections], [0, 1])
  garbage.left()
  waiting.shift()?.()
  assert.equal(collections, 2)
})

test('a collection frees what nobody holds any more', async () => {
  const left = new WeakRef(makeLitter())
  // A weak reference holds its object until the end of the turn in which it was made.
  await new Promise(setImmediate)
  assert.ok(left.deref())
  await new Promise(setImmediate)
  collectGarbage()
  assert.equal(left.deref(), undefined)
})

function makeLitter(): object {
  return { of: 'a worker' }
}
