import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longestPause } from '../../../src/arbiter/state.ts'
import { running } from '../../helpers/lifecycle.ts'

test('a worker that dies is replaced at once', () => {
  const life = running()
  const orders = life.die(1)
  assert.deepEqual(
    orders.filter((order) => order.type === 'spawn').map((order) => order.slot),
    [1],
  )
  assert.match(life.notes('worker.died')[0] ?? '', /SIGKILL.*memory/)
})

test('all workers dying at once are all replaced at once', () => {
  const life = running({ workers: 4 })
  for (const id of [1, 2, 3, 4]) life.die(id)
  assert.equal(life.booting.length, 4)
  assert.deepEqual(life.ordered('exit'), [])
})

test('a worker that keeps dying soon after it was ready is started more and more slowly, and the others are left alone', () => {
  const life = running()
  const waits: number[] = []
  for (let death = 0; death < 8; death++) {
    const died = life.now
    const victim = life.ready.find((worker) => worker.slot === 1)
    assert.ok(victim)
    life.die(victim.id, 1)
    while (life.booting.length === 0) life.pass(500)
    waits.push(life.now - died)
    life.boot()
    life.pass(2000)
  }
  assert.deepEqual(waits, [0, 1000, 2000, 4000, 8000, 16_000, 16_000, 16_000])
  assert.equal(life.ready.filter((worker) => worker.slot === 2 && worker.id === 2).length, 1)
})

test('a worker that was well for a while is replaced at once again', () => {
  const life = running({ workers: 1 })
  life.die(1, 1)
  life.boot()
  life.pass(20_000)
  const [well] = life.ready
  assert.ok(well)
  life.die(well.id, 1)
  assert.equal(life.booting.length, 1)
})

test('a replacement that cannot start is tried again, and does not end a server that runs', () => {
  const life = running()
  life.die(1)
  const [fresh] = life.booting
  assert.ok(fresh)
  life.die(fresh.id, 4)
  assert.deepEqual(life.ordered('exit'), [])
  assert.equal(life.booting.length, 0)
  life.pass(2000)
  assert.equal(life.booting.length, 1)
})

test('a worker whose event loop is stuck is killed when its time is up, and replaced', () => {
  const life = running({ timeout: 5000 })
  life.pass(4500, [2])
  life.say(1, { type: 'stalled', stack: ['spin /app.js:3:5'], requests: [] })
  assert.deepEqual(life.ordered('kill'), [])
  life.pass(500, [2])
  assert.deepEqual(life.ordered('kill'), [{ type: 'kill', worker: 1 }])
  assert.match(life.notes('worker.hung')[0] ?? '', /worker 1 .* silent for 5 s/)
  assert.equal(life.booting.filter((worker) => worker.slot === 1).length, 1)
})

test('a stuck worker that has not told where it is stuck gets a moment to do so, and less than a second', () => {
  const life = running({ timeout: 5000 })
  life.pass(5500, [2])
  assert.deepEqual(life.ordered('kill'), [])
  life.say(1, { type: 'stalled', stack: ['spin /app.js:3:5'], requests: [] })
  assert.match(life.notes('worker.hung')[0] ?? '', /stuck in spin/)
  const mute = running({ timeout: 5000 })
  mute.pass(6000, [2])
  assert.deepEqual(mute.ordered('kill'), [{ type: 'kill', worker: 1 }])
})

test('a worker that leaves is killed too when its loop stands still, however long it may drain, and once', () => {
  const life = running({ timeout: 5000, gracefulTimeout: 300_000 })
  life.signal('SIGTERM')
  life.pass(60_000)
  assert.deepEqual(life.ordered('kill'), [])
  life.say(1, { type: 'stalled', stack: ['spin /app.js:3:5'], requests: ['GET /'] })
  life.pass(60_000, [2])
  assert.deepEqual(life.ordered('kill'), [{ type: 'kill', worker: 1 }])
  assert.match(
    life.notes('worker.hung').join('\n'),
    /^worker 1 \(pid 100\) .* stuck in spin .* serving GET \/; killing it$/,
  )
  life.die(1)
  assert.match(life.notes('worker.left')[0] ?? '', /worker 1 was killed: its event loop was stuck/)
})

test('no timeout, no kill', () => {
  const life = running({ timeout: 0 })
  life.pass(300_000, [])
  assert.deepEqual(life.ordered('kill'), [])
})

test('a master that was stopped for a while kills no healthy worker when it goes on', () => {
  const life = running({ timeout: 5000 })
  life.pass(1000)
  life.now += 60_000
  life.hear({ type: 'elapsed' })
  life.pass(longestPause)
  assert.deepEqual(life.ordered('kill'), [])
})

test('TTIN adds a worker, TTOU takes the newest slot away, and one always stays', () => {
  const life = running()
  life.signal('SIGTTIN')
  life.boot()
  assert.equal(life.ready.length, 3)
  life.signal('SIGTTOU')
  assert.deepEqual(
    life.ready.map((worker) => worker.slot),
    [1, 2],
  )
  for (let count = 0; count < 10; count++) life.signal('SIGTTOU')
  assert.equal(life.ready.length, 1)
})

test('a thousand TTINs make a bounded number of workers', () => {
  const life = running()
  for (let count = 0; count < 1000; count++) life.signal('SIGTTIN')
  assert.equal(life.state.target, 512)
})

test('WINCH stops the workers and keeps the master; HUP brings them back', () => {
  const life = running()
  life.signal('SIGWINCH')
  assert.equal(life.ordered('retire').length, 2)
  for (const worker of life.leaving) life.die(worker.id, 0)
  assert.deepEqual(life.ordered('exit'), [])
  assert.deepEqual(life.ordered('spawn'), [])
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.booting.length, 2)
})

test('WINCH from a terminal whose window changes size is ignored', () => {
  const life = running({ onTerminal: true })
  life.signal('SIGWINCH')
  assert.equal(life.ready.length, 2)
})

test('words for a death tell a crash, a kill and an exit of the application apart', () => {
  for (const [code, signal, words] of [
    [null, 'SIGSEGV', /segmentation fault/],
    [null, 'SIGKILL', /by hand, or because memory ran out/],
    [0, null, /process\.exit/],
    [1, null, /error that nobody caught/],
    [7, null, /status 7/],
  ] as const) {
    const life = running()
    life.die(1, code, signal)
    assert.match(life.notes('worker.died')[0] ?? '', words)
  }
})
