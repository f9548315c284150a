import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initialState } from '../../../src/arbiter/state.ts'
import { Lifecycle, running } from '../../helpers/lifecycle.ts'

function handingOver(): Lifecycle {
  const life = running()
  life.signal('SIGUSR2')
  life.hear({ type: 'successorSpawned', pid: 4711 })
  return life
}

function heir(): Lifecycle {
  const life = new Lifecycle()
  life.state = initialState(life.limits, life.now, true)
  life.hear({ type: 'begun' })
  life.boot()
  return life
}

test('USR2 starts a new master and stops nobody', () => {
  const life = handingOver()
  assert.equal(life.ordered('handOver').length, 1)
  assert.deepEqual(life.ordered('retire'), [])
  assert.equal(life.ready.length, 2)
})

test('a second USR2 is refused while the new master lives, and accepted when it is gone', () => {
  const life = handingOver()
  life.signal('SIGUSR2')
  assert.equal(life.ordered('handOver').length, 1)
  assert.match(life.notes('hand-over.refused')[0] ?? '', /4711/)
  life.hear({ type: 'successorGone', how: 'it ended with status 4' })
  assert.deepEqual(life.ordered('tidyUp'), [{ type: 'tidyUp', successor: 4711 }])
  life.signal('SIGUSR2')
  assert.equal(life.ordered('handOver').length, 2)
})

test('a new master that fails leaves the old one serving, and the log says how', () => {
  const life = handingOver()
  life.hear({ type: 'successorGone', how: 'it ended with status 4' })
  assert.match(life.notes('hand-over.failed')[0] ?? '', /status 4.*serves on/)
  assert.equal(life.ready.length, 2)
  life.signal('SIGTERM')
  assert.deepEqual(life.ordered('closeListeners'), [{ type: 'closeListeners', unlink: true }])
})

test('TERM to the old master commits: the socket files stay, and the service manager follows the new one', () => {
  const life = handingOver()
  life.hear({ type: 'successorReady' })
  life.signal('SIGTERM')
  assert.deepEqual(life.ordered('closeListeners'), [{ type: 'closeListeners', unlink: false }])
  assert.deepEqual(life.ordered('notifyMainPid'), [{ type: 'notifyMainPid', pid: 4711 }])
  assert.deepEqual(
    life.ordered('notify').filter((order) => order.state === 'stopping'),
    [],
  )
})

test('TERM to the new master goes back: it leaves the socket files to the old one', () => {
  const life = heir()
  assert.equal(life.ordered('tellPredecessor').length, 1)
  life.signal('SIGTERM')
  assert.deepEqual(life.ordered('closeListeners'), [{ type: 'closeListeners', unlink: false }])
})

test('the new master takes over names and files when the old one is gone', () => {
  const life = heir()
  life.hear({ type: 'predecessorGone' })
  assert.equal(life.ordered('inherit').length, 1)
  life.signal('SIGTERM')
  assert.deepEqual(life.ordered('closeListeners'), [{ type: 'closeListeners', unlink: true }])
})

test('a new master does not start a third one while the old one lives', () => {
  const life = heir()
  life.signal('SIGUSR2')
  assert.deepEqual(life.ordered('handOver'), [])
})

test('HUP to the new master reloads it, whether the old one lives or not', () => {
  const life = heir()
  life.signal('SIGHUP')
  assert.equal(life.ordered('try').length, 1)
})

test('no hand-over begins before the first workers are ready', () => {
  const life = new Lifecycle()
  life.signal('SIGUSR2')
  assert.deepEqual(life.ordered('handOver'), [])
})
