import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lifecycle, running } from '../../helpers/lifecycle.ts'

const shared = { slot: null, since: 1 }

/** A server of two workers in the middle of a reload that gives up address 1 for address 9; one new worker serves. */
function rolling(): Lifecycle {
  const life = running({ workers: 2, listeners: [{ ...shared, id: 1 }] })
  life.signal('SIGHUP')
  const listeners = [
    { id: 9, slot: null, since: 2 },
    { ...shared, id: 1, before: 2 },
  ]
  life.limits = { ...life.limits, workers: 4, listeners }
  life.hear({ type: 'tried', outcome: { ok: true } })
  const replacement = life.booting.find(({ slot }) => slot === 1)
  assert.ok(replacement)
  life.say(replacement.id, { type: 'ready' })
  life.forget()
  return life
}

/** As the loop does it: address 1 is everybody's again but the new worker's, and address 9 the new worker's alone. */
function restore(life: Lifecycle): void {
  const listeners = [
    { ...shared, id: 1, absentIn: [2] },
    { id: 9, slot: null, since: 2, before: 3 },
  ]
  life.limits = { ...life.limits, workers: 2, listeners }
  life.forget()
  life.hear({ type: 'elapsed' })
}

function fail(life: Lifecycle): void {
  const [next] = life.booting
  assert.ok(next)
  life.die(next.id, 4)
}

test('a reload that is given up takes back config, number of workers and addresses', () => {
  const life = rolling()
  assert.equal(life.state.target, 4)
  fail(life)
  assert.deepEqual(life.ordered('restoreConfig'), [{ type: 'restoreConfig', generation: 3 }])
  assert.equal(life.state.target, 2)
  assert.deepEqual(
    life.ordered('closeStaleListeners'),
    [],
    'the old address is not closed in the step that restores it',
  )
})

test('both addresses are served as long as there is somebody for each, and then the new one is closed', () => {
  const life = rolling()
  fail(life)
  restore(life)
  assert.deepEqual(
    life.ready.map(({ generation, listens }) => [generation, listens]),
    [
      [1, [1]],
      [2, [9]],
    ],
  )
  assert.deepEqual(life.ordered('closeStaleListeners'), [])
  for (const { id, generation } of life.ready) if (generation === 2) life.die(id)
  assert.deepEqual(life.ordered('closeStaleListeners').at(-1), { type: 'closeStaleListeners', listeners: [9] })
  life.boot()
  assert.deepEqual(
    life.ready.map(({ listens }) => listens),
    [[1], [1]],
  )
})

test('what TTIN and TTOU asked for during the reload stays when it is given up', () => {
  const life = rolling()
  life.signal('SIGTTIN')
  fail(life)
  assert.equal(life.state.target, 3)
})

test('a pause in the middle of a reload takes it back, and no address is left open that nobody will serve', () => {
  const life = rolling()
  life.signal('SIGWINCH')
  assert.deepEqual(life.ordered('restoreConfig'), [{ type: 'restoreConfig', generation: 3 }])
  restore(life)
  assert.deepEqual(life.ordered('closeStaleListeners'), [{ type: 'closeStaleListeners', listeners: [9] }])
  for (const { id } of life.leaving) life.die(id, 0)
  life.limits = { ...life.limits, listeners: [{ ...shared, id: 1, absentIn: [2] }] }
  life.signal('SIGTTIN')
  life.boot()
  assert.deepEqual(
    life.ready.map(({ generation, listens }) => [generation, listens]),
    [[3, [1]]],
  )
})

test('a trial that fails takes nothing back: nothing was changed', () => {
  const life = running()
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: false, message: 'no', fix: null } })
  assert.deepEqual(life.ordered('restoreConfig'), [])
  assert.equal(life.state.generation, 1)
})
