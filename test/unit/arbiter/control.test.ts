import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Account } from '../../../src/arbiter/account.ts'
import { readRequest } from '../../../src/arbiter/control-request.ts'
import type { Deed } from '../../../src/arbiter/events.ts'
import { statusOf } from '../../../src/arbiter/view.ts'
import { type Lifecycle, running } from '../../helpers/lifecycle.ts'

let nextId = 1

/** Asks, and returns how to see the answer; there is none as long as it is due. */
function ask(life: Lifecycle, request: Deed) {
  const id = nextId++
  life.hear({ type: 'asked', id, request })
  return () => life.ordered('answer').find((order) => order.id === id)?.answer
}

test('who asks for a reload is answered when it has ended, not before', () => {
  const life = running({ workers: 1 })
  const answer = ask(life, { command: 'reload' })
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(answer(), undefined)
  life.boot()
  assert.equal(answer()?.ok, true)
})

test('who asks for a reload that fails learns why', () => {
  const life = running()
  const answer = ask(life, { command: 'reload' })
  life.hear({ type: 'tried', outcome: { ok: false, message: 'SyntaxError', fix: null } })
  assert.equal(answer()?.ok, false)
  assert.match(answer()?.message ?? '', /old workers serve on: SyntaxError/)
})

test('who asks during a reload gets the outcome of the next one, which tries what is there then', () => {
  const life = running({ workers: 1 })
  const first = ask(life, { command: 'reload' })
  const second = ask(life, { command: 'reload' })
  life.hear({ type: 'tried', outcome: { ok: false, message: 'broken', fix: null } })
  assert.equal(first()?.ok, false)
  assert.equal(second(), undefined)
  assert.equal(life.ordered('try').length, 2)
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.boot()
  assert.equal(second()?.ok, true)
})

test('nobody waits for ever: a stop answers those who wait for a reload', () => {
  const life = running()
  const waiting = [ask(life, { command: 'reload' }), ask(life, { command: 'reload' })]
  life.signal('SIGTERM')
  for (const answer of waiting) assert.match(answer()?.message ?? '', /stopping/)
  const late = ask(life, { command: 'scale', workers: 3 })
  assert.equal(late()?.ok, false)
})

test('a worker that is to be killed by request serves until its successor is ready', () => {
  const life = running()
  const [worker] = life.ready
  assert.ok(worker?.pid)
  assert.equal(ask(life, { command: 'kill', pid: worker.pid })()?.ok, true)
  assert.deepEqual(life.ordered('retire'), [])
  life.boot()
  assert.deepEqual(
    life.ordered('retire').map((order) => order.worker),
    [worker.id],
  )
  assert.equal(ask(life, { command: 'kill', pid: 1 })()?.ok, false)
})

test('shutdown is answered and then done', () => {
  const life = running()
  assert.equal(ask(life, { command: 'shutdown', quick: false })()?.ok, true)
  assert.equal(life.state.stage.name, 'stopping')
})

test('requests are read strictly', () => {
  for (const line of ['', '{', '[]', '5', 'null', '{"command":"frobnicate"}', '{"command":"__proto__"}']) {
    assert.equal(typeof readRequest(line), 'string', line)
  }
  for (const workers of [0, -1, 1.5, 1e9, '2', null]) {
    assert.equal(typeof readRequest(JSON.stringify({ command: 'scale', workers })), 'string', String(workers))
  }
  assert.deepEqual(readRequest('{"command":"scale","workers":3}'), { command: 'scale', workers: 3 })
  assert.deepEqual(readRequest('{"command":"shutdown"}'), { command: 'shutdown', quick: false })
})

test('a status names every worker with what it last told', () => {
  const life = running()
  life.say(2, { type: 'beat', requests: 7, inFlight: 1, connections: 3, rssBytes: 5e7, measurements: null })
  const account = new Account()
  const config = { name: 'shop', app: './app.js' }
  const book = { labels: ['unix:/x'] }
  const view = statusOf({ state: life.state, now: life.now + 4000, account, config, version: '1', startedAt: 0, book })
  assert.equal(view.uptimeSeconds, 4)
  assert.deepEqual(
    view.workers.map((worker) => [worker.id, worker.state, worker.requests, worker.seconds]),
    [
      [1, 'ready', 0, 4],
      [2, 'ready', 7, 4],
    ],
  )
})

test('a worker that leaves after an error nobody caught is replaced while it finishes its requests', () => {
  const life = running()
  life.say(1, { type: 'leaving', reason: 'uncaught-error' })
  assert.equal(life.leaving.length, 1)
  assert.equal(life.booting.length, 1)
  assert.deepEqual(life.ordered('retire'), [])
  life.die(1, 1)
  assert.equal(life.booting.length, 1)
})

test('a worker that leaves on its own account and does not go is killed when its time is up', () => {
  const life = running({ gracefulTimeout: 5000 })
  life.say(1, { type: 'leaving', reason: 'signal' })
  life.pass(6500)
  assert.deepEqual(life.ordered('kill'), [{ type: 'kill', worker: 1 }])
})

test('a stuck worker is killed with the place where it was stuck and what it was serving', () => {
  const life = running({ timeout: 5000 })
  life.say(1, {
    type: 'stalled',
    stack: ['spin /srv/app.js:3:1', 'handle /srv/app.js:9:3'],
    requests: ['GET /slow (4 s)'],
  })
  life.pass(5000, [2])
  assert.match(life.notes('worker.hung')[0] ?? '', /stuck in spin \/srv\/app\.js:3:1 while serving GET \/slow \(4 s\)/)
})
