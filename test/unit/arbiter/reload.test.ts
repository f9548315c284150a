import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Lifecycle, running } from '../../helpers/lifecycle.ts'

/** Carries a reload through to its end, checking after each event that enough workers serve. */
function finish(life: Lifecycle, wanted: number): void {
  while (life.state.reload.phase === 'rolling') {
    assert.ok(life.ready.length >= wanted, 'a reload never lowers capacity')
    const [next] = life.booting
    const [gone] = life.leaving
    if (next !== undefined) life.say(next.id, { type: 'ready' })
    else if (gone !== undefined) life.die(gone.id, 0)
    else assert.fail('the reload stands still')
  }
}

test('HUP tries config and application first and touches no worker until they pass', () => {
  const life = running()
  life.signal('SIGHUP')
  assert.equal(life.ordered('try').length, 1)
  assert.deepEqual(life.ordered('spawn'), [])
  assert.deepEqual(life.ordered('retire'), [])
})

test('a reload never lowers capacity and ends with new workers only', () => {
  const life = running({ workers: 4 })
  const old = life.ready.map((worker) => worker.id)
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  finish(life, 4)
  assert.equal(life.ready.length, 4)
  assert.ok(life.ready.every((worker) => !old.includes(worker.id)))
  assert.equal(life.notes('reload.done').length, 1)
})

test('workers are replaced one at a time: the next starts when the one before is ready', () => {
  const life = running({ workers: 3 })
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.booting.length, 1)
  life.boot()
  assert.equal(life.booting.length, 1)
  assert.equal(life.leaving.length, 1)
})

test('with a batch of two, two successors start at once, and the next two when one has taken its place', () => {
  const life = running({ workers: 5, reloadBatch: 2 })
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.booting.length, 2)
  life.boot()
  assert.deepEqual([life.booting.length, life.leaving.length, life.ready.length], [2, 2, 5])
  const [next] = life.booting
  assert.ok(next)
  life.say(next.id, { type: 'ready' })
  assert.deepEqual([life.booting.length, life.leaving.length, life.ready.length], [2, 3, 5])
  finish(life, 5)
  assert.equal(life.ready.length, 5)
})

test('a reload ends although its new workers are due for recycling again and again', () => {
  const life = running({ workers: 8 })
  const old = life.ready.map((worker) => worker.id)
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  for (let turns = 0; life.state.reload.phase === 'rolling' && turns < 50; turns += 1) {
    for (const { id } of life.ready.filter((worker) => !old.includes(worker.id))) {
      life.say(id, { type: 'recycle', reason: 'max-requests', requests: 200, rssBytes: 0 })
    }
    // Of those that start only one gets ready, so that somebody always starts.
    const [next] = life.booting
    if (next !== undefined) life.say(next.id, { type: 'ready' })
    for (const { id } of life.leaving) life.die(id, 0)
  }
  assert.equal(life.notes('reload.done').length, 1)
  assert.equal(life.state.nextId - 1 - life.booting.length, 16, 'the old workers came first, each once')
  assert.ok(life.ready.every((worker) => !old.includes(worker.id)))
  assert.ok(life.booting.length > 0, 'those that are due have their turn after it')
})

test('a worker that is replaced finishes what it is doing', () => {
  const life = running({ workers: 2, gracefulTimeout: 10_000 })
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  finish(life, 2)
  assert.deepEqual(
    life.ordered('retire').map((order) => order.graceMs),
    [10_000, 10_000],
  )
})

test('a trial that fails leaves the old workers serving and says why', () => {
  const life = running()
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: false, message: 'SyntaxError in app.js:3', fix: null } })
  assert.equal(life.ready.length, 2)
  assert.deepEqual(life.ordered('spawn'), [])
  assert.match(life.notes('reload.failed')[0] ?? '', /the old workers serve on: SyntaxError in app\.js:3/)
  assert.match(life.ordered('notify').at(-1)?.status ?? '', /reload failed/)
})

test('a new worker that fails after the trial passed ends the reload with the old ones in place', () => {
  const life = running()
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  const [fresh] = life.booting
  assert.ok(fresh)
  life.say(fresh.id, { type: 'failed', stage: 'load', message: 'boom', fix: null })
  life.die(fresh.id, 4)
  assert.equal(life.ready.length, 2)
  assert.deepEqual(life.ordered('retire'), [])
  assert.equal(life.notes('reload.failed').length, 1)
  assert.deepEqual(life.ordered('exit'), [])
})

test('a reload that failed can be asked for again', () => {
  const life = running()
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: false, message: 'no', fix: null } })
  life.signal('SIGHUP')
  assert.equal(life.ordered('try').length, 2)
})

test('a storm of HUPs is one reload more, and never makes more than twice the workers', () => {
  const life = running({ workers: 2 })
  for (let count = 0; count < 20; count++) life.signal('SIGHUP')
  assert.equal(life.ordered('try').length, 1)
  for (let round = 0; round < 2; round++) {
    life.hear({ type: 'tried', outcome: { ok: true } })
    while (life.state.reload.phase === 'rolling') {
      assert.ok(life.state.workers.length <= 4)
      const [next] = life.booting
      if (next !== undefined) life.say(next.id, { type: 'ready' })
      else life.die(life.leaving[0]?.id ?? 0, 0)
    }
  }
  assert.equal(life.ordered('try').length, 2)
})

test('HUP brings the number of workers back to the setting', () => {
  const life = running({ workers: 2 })
  life.signal('SIGTTIN')
  life.boot()
  assert.equal(life.ready.length, 3)
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  finish(life, 2)
  assert.equal(life.ready.length, 2)
})

test('a worker that dies during a reload is replaced by one of the new generation', () => {
  const life = running({ workers: 2 })
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.die(2)
  const fresh = life.booting.filter((worker) => worker.slot === 2)
  assert.equal(fresh.length, 1)
  assert.equal(fresh[0]?.generation, 2)
})

test('a HUP that comes during the start is kept until the server runs', () => {
  const life = running({ workers: 1 })
  assert.equal(life.ordered('try').length, 0)
  const starting = running({ workers: 1 })
  starting.signal('SIGHUP')
  assert.equal(starting.ordered('try').length, 1)
})

test('TERM during a reload abandons it and stops everybody', () => {
  const life = running()
  life.signal('SIGHUP')
  life.signal('SIGTERM')
  assert.equal(life.ordered('abandonTrial').length, 1)
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.deepEqual(life.ordered('spawn'), [])
})
