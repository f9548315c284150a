import assert from 'node:assert/strict'
import { test } from 'node:test'
import { running } from '../../helpers/lifecycle.ts'

const due = { type: 'recycle', reason: 'max-requests', requests: 200, rssBytes: 2 ** 27 } as const

test('a worker that asks to be recycled serves until its successor is ready', () => {
  const life = running()
  life.say(1, due)
  assert.deepEqual(life.ordered('retire'), [])
  life.boot()
  assert.deepEqual(
    life.ordered('retire').map((order) => order.worker),
    [1],
  )
})

test('when all workers ask to be recycled they go one after the other', () => {
  const life = running({ workers: 4 })
  for (const id of [1, 2, 3, 4]) life.say(id, due)
  assert.equal(life.booting.length, 1)
  life.boot()
  assert.equal(life.booting.length, 1)
  assert.ok(life.ready.length >= 4)
})

test('of many workers that are due at once, a quarter is replaced at a time, and none goes before its successor serves', () => {
  const life = running({ workers: 8 })
  for (const { id } of life.ready) life.say(id, due)
  for (let rounds = 0; life.booting.length > 0; rounds += 1) {
    assert.ok(life.booting.length <= 2, `${life.booting.length} starts at once`)
    assert.ok(rounds < 8)
    const [next] = life.booting
    assert.ok(next)
    life.say(next.id, { type: 'ready' })
    assert.equal(life.ready.length, 8)
    for (const { id } of life.leaving) life.die(id, 0)
  }
  assert.ok(life.ready.every(({ id, recycle }) => id > 8 && recycle === null))
})

test('a worker that is due serves on while its successor cannot start', () => {
  const life = running()
  life.say(1, due)
  const [successor] = life.booting
  assert.ok(successor)
  life.die(successor.id, 4)
  life.pass(500)
  assert.deepEqual(
    life.ready.map(({ id }) => id),
    [1, 2],
  )
  assert.deepEqual(life.booting, [])
  life.pass(1000)
  life.boot()
  assert.equal(life.ready.length, 2)
  assert.equal(
    life.ready.some(({ id }) => id === 1),
    false,
  )
})
