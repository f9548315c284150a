import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beat, type Lifecycle, Lifecycle as NewLifecycle, running } from '../../helpers/lifecycle.ts'

const statuses = (life: Lifecycle): readonly string[] => life.ordered('notify').map(({ status }) => status)
const last = (life: Lifecycle): string | undefined => statuses(life).at(-1)
const pleas = (life: Lifecycle): readonly number[] => life.ordered('extendTimeout').map(({ ms }) => ms)

test('the service manager is told how many workers are ready while the server starts', () => {
  const life = new NewLifecycle({ workers: 2 })
  assert.equal(last(life), 'starting: 0 of 2 workers are ready')
  life.say(1, { type: 'ready' })
  life.pass(1000)
  assert.equal(last(life), 'starting: 1 of 2 workers are ready')
  life.say(2, { type: 'ready' })
  assert.deepEqual(life.ordered('notify').at(-1), { type: 'notify', state: 'ready', status: '2 of 2 workers serve' })
})

test('a server where nothing happens says nothing more', () => {
  const life = running()
  life.pass(2000)
  life.forget()
  life.pass(60_000)
  assert.deepEqual([...life.ordered('notify'), ...life.ordered('extendTimeout')], [])
})

test('a worker that is missing is told with the reason, and no longer when its successor serves', () => {
  const life = running()
  life.die(1)
  life.pass(1000)
  assert.match(last(life) ?? '', /^1 of 2 workers serve; worker 1 was killed by SIGKILL/)
  life.boot()
  life.pass(1000)
  assert.equal(last(life), '2 of 2 workers serve')
})

test('what a reload came to stays in the status: done, or why it failed', () => {
  const life = running()
  life.signal('SIGHUP')
  assert.equal(life.ordered('notify').at(-1)?.state, 'reloading')
  assert.match(last(life) ?? '', /reloading: trying config and application/)
  life.hear({ type: 'tried', outcome: { ok: false, message: 'no such module', fix: null } })
  const refused = life.ordered('notify').at(-1)
  assert.equal(refused?.state, 'ready')
  assert.match(refused?.status ?? '', /2 of 2 workers serve; reload failed.*no such module/)
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.boot()
  life.pass(1000)
  assert.match(last(life) ?? '', /reloading: 1 of 2 replaced/)
  life.boot()
  assert.match(last(life) ?? '', /2 of 2 workers serve; reloaded: 2 workers replaced/)
})

test('while the server stops the status counts what is still in flight', () => {
  const life = running()
  for (const id of [1, 2]) life.say(id, { ...beat, inFlight: 3 })
  life.signal('SIGTERM')
  assert.equal(life.ordered('notify').at(-1)?.state, 'stopping')
  assert.equal(last(life), 'stopping: draining 6 requests in 2 workers')
  life.die(1, 0)
  life.say(2, { ...beat, inFlight: 1 })
  life.pass(1000, [])
  assert.equal(last(life), 'stopping: draining 1 request in 1 worker')
})

test('a start that failed is told as the reason of the stop', () => {
  const life = new NewLifecycle({ workers: 1 })
  life.say(1, { type: 'failed', stage: 'load', message: 'no such module', fix: null })
  life.die(1, 4)
  assert.match(last(life) ?? '', /^failed: worker 1 cannot start: no such module/)
})

test('a status that changes with each request in flight is told once a second at most', () => {
  const life = running()
  life.signal('SIGTERM')
  life.forget()
  for (let inFlight = 1; inFlight <= 50; inFlight++) {
    life.now += 20
    life.say(1, { ...beat, inFlight })
  }
  assert.equal(statuses(life).length, 1)
})

test('a stop asks for patience again and again, and never beyond the graceful timeout and what a kill takes', () => {
  const life = running({ gracefulTimeout: 60_000 })
  life.signal('SIGTERM')
  const begun = life.now
  const ends = new Set<number>()
  for (let seconds = 0; seconds < 70; seconds++) {
    life.pass(1000)
    for (const ms of pleas(life)) ends.add(life.now - begun + ms)
    life.forget()
  }
  assert.ok(ends.size >= 10, `asked ${ends.size} times`)
  assert.ok(Math.max(...ends) <= 66_000, `asked for patience until ${Math.max(...ends)}`)
  assert.ok(Math.max(...ends) >= 60_000, 'the whole grace is covered')
})

test('a stop without grace asks for the moment that a kill takes', () => {
  const life = running({ gracefulTimeout: 60_000 })
  life.signal('SIGTERM')
  life.signal('SIGTERM')
  life.pass(8000, [])
  assert.ok(pleas(life).every((ms) => ms <= 15_000))
  life.forget()
  life.pass(20_000, [])
  assert.deepEqual(pleas(life), [])
})

test('a reload asks for patience as long as a new worker may boot, and no longer when it is over', () => {
  const life = running({ bootTimeout: 30_000 })
  life.signal('SIGHUP')
  assert.equal(pleas(life).length, 1)
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.pass(20_000)
  assert.ok(pleas(life).length >= 4)
  life.boot()
  life.boot()
  assert.equal(life.state.reload.phase, 'idle')
  life.forget()
  life.pass(20_000)
  assert.deepEqual(pleas(life), [])
})

test('a trial that hangs is not waited for longer than the boot timeout', () => {
  const life = running({ bootTimeout: 10_000 })
  life.signal('SIGHUP')
  life.pass(13_000)
  life.forget()
  life.pass(20_000)
  assert.deepEqual(pleas(life), [])
})

test('a reload that is dropped by WINCH is over for the service manager too', () => {
  const life = running()
  life.signal('SIGHUP')
  life.signal('SIGWINCH')
  assert.equal(life.ordered('notify').at(-1)?.state, 'ready')
  life.pass(1000)
  assert.match(last(life) ?? '', /no worker serves: stopped by SIGWINCH/)
})

test('an old master that leaves its sockets to a new one says nothing of a stop: the service goes on', () => {
  const life = running()
  life.signal('SIGUSR2')
  life.hear({ type: 'successorSpawned', pid: 900 })
  life.hear({ type: 'successorReady' })
  life.forget()
  life.signal('SIGTERM')
  life.pass(10_000, [])
  assert.deepEqual(life.ordered('notifyMainPid'), [{ type: 'notifyMainPid', pid: 900 }])
  assert.deepEqual([...life.ordered('notify'), ...life.ordered('extendTimeout')], [])
})
