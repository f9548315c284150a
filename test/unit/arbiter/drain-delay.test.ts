import assert from 'node:assert/strict'
import { test } from 'node:test'
import { running } from '../../helpers/lifecycle.ts'

test('a graceful stop tells the workers first, and closes the sockets when the delay is over', () => {
  const life = running({ drainDelay: 5000 })
  life.signal('SIGTERM')
  assert.equal(life.ordered('tellClosing').length, 1)
  life.pass(4500)
  assert.deepEqual([life.ordered('closeListeners'), life.ordered('retire')], [[], []])
  life.pass(500)
  assert.equal(life.ordered('closeListeners').length, 1)
  assert.deepEqual(
    life.ordered('retire').map(({ graceMs }) => graceMs),
    [30_000, 30_000],
  )
})

test('a second TERM, or INT, does not wait for balancers', () => {
  const life = running({ drainDelay: 5000 })
  life.signal('SIGTERM')
  life.signal('SIGTERM')
  assert.equal(life.ordered('closeListeners').length, 1)
  assert.deepEqual(
    life.ordered('retire').map(({ graceMs }) => graceMs),
    [0, 0],
  )
  life.pass(6000)
  assert.equal(life.ordered('closeListeners').length, 1)
  const quick = running({ drainDelay: 5000 })
  quick.signal('SIGINT')
  assert.equal(quick.ordered('closeListeners').length, 1)
})

test('the service manager is asked for patience over the delay too', () => {
  const life = running({ drainDelay: 5000, gracefulTimeout: 3000 })
  life.signal('SIGTERM')
  assert.equal(life.ordered('extendTimeout').at(0)?.ms, 10_000)
})

test('a worker that dies during the delay takes nobody along, and the last one ends the server', () => {
  const life = running({ drainDelay: 5000 })
  life.signal('SIGTERM')
  life.die(1)
  assert.deepEqual(life.ordered('spawn'), [])
  life.die(2)
  assert.equal(life.ordered('exit').length, 1)
})

test('without a delay the workers are told before they are asked to leave', () => {
  const life = running()
  life.signal('SIGTERM')
  const types = life.orders.map(({ type }) => type)
  assert.ok(types.indexOf('tellClosing') < types.indexOf('retire'))
})

test('an old master that leaves its sockets to a new one tells nobody that the service ends', () => {
  const life = running({ drainDelay: 5000 })
  life.signal('SIGUSR2')
  life.hear({ type: 'successorSpawned', pid: 900 })
  life.hear({ type: 'successorReady' })
  life.signal('SIGTERM')
  assert.deepEqual(life.ordered('tellClosing'), [])
  assert.equal(life.ordered('retire').length, 2)
})
