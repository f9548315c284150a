import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assign } from '../../../src/arbiter/cover.ts'
import { running } from '../../helpers/lifecycle.ts'

const perSlot = [
  { id: 1, slot: 1, since: 1 },
  { id: 2, slot: 2, since: 1 },
]

test('each worker accepts on the socket of its slot', () => {
  const life = running({ listeners: perSlot })
  assert.deepEqual(
    life.ready.map((worker) => worker.listens),
    [[1], [2]],
  )
})

test('a socket whose worker is away is taken by another until the new one is ready', () => {
  const life = running({ listeners: perSlot })
  life.die(1)
  assert.deepEqual(
    life.ready.map((worker) => [...worker.listens].sort()),
    [[1, 2]],
  )
  life.boot()
  assert.deepEqual(
    life.ready.map((worker) => [worker.slot, worker.listens]),
    [
      [2, [2]],
      [1, [1]],
    ],
  )
})

test('with fewer workers than sockets no socket is without a worker', () => {
  const life = running({ listeners: perSlot })
  life.signal('SIGTTOU')
  assert.deepEqual([...(life.ready[0]?.listens ?? [])].sort(), [1, 2])
})

test('workers beyond the number of sockets help in turn', () => {
  const life = running({ listeners: perSlot, workers: 4 })
  assert.deepEqual(
    life.ready.map((worker) => worker.listens),
    [[1], [2], [1], [2]],
  )
})

test('a shared socket is accepted on by everybody, beside the socket of the slot', () => {
  const life = running({ listeners: [...perSlot, { id: 3, slot: null, since: 1 }] })
  assert.deepEqual(
    life.ready.map((worker) => [...worker.listens].sort()),
    [
      [1, 3],
      [2, 3],
    ],
  )
})

test('a listener opened by a reload is given only to workers that inherited it', () => {
  const life = running({ workers: 1 })
  const listeners = [
    { id: 9, slot: null, since: 2 },
    { id: 1, slot: null, since: 1, before: 2 },
  ]
  const [old] = life.ready
  assert.ok(old)
  assert.deepEqual([...(assign(listeners, life.ready).get(old.id) ?? [])], [1])
  life.signal('SIGHUP')
  life.limits = { ...life.limits, listeners }
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.deepEqual(life.ready[0]?.listens, [1])
  life.boot()
  assert.deepEqual(life.ready[0]?.listens, [9])
})

test('listeners that a reload gives up are served to the last, also when the workers of their slots leave first', () => {
  const life = running({ workers: 3, listeners: [...perSlot, { id: 3, slot: 3, since: 1 }] })
  life.signal('SIGHUP')
  life.limits = { ...life.limits, workers: 1, listeners: perSlot.map((slot) => ({ ...slot, before: 2 })) }
  life.limits = { ...life.limits, listeners: [{ id: 3, slot: 3, since: 1, before: 2 }, ...life.limits.listeners] }
  life.limits = { ...life.limits, listeners: [{ id: 9, slot: 1, since: 2 }, ...life.limits.listeners] }
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.deepEqual(
    life.ready.map(({ slot, listens }) => [slot, [...listens].sort()]),
    [[1, [1, 2, 3]]],
  )
  for (const { id } of life.leaving) life.die(id, 0)
  life.forget()
  life.boot()
  assert.deepEqual(
    life.ready.map(({ slot, listens }) => [slot, listens]),
    [[1, [9]]],
  )
  const kinds = life.orders.map(({ type }) => type)
  assert.ok(kinds.indexOf('closeStaleListeners') < kinds.indexOf('retire'), 'nobody joins a queue that is left')
})
