import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lifecycle, limits, running } from '../../helpers/lifecycle.ts'

test('the server starts as many workers as are wanted and says ready when all are', () => {
  const life = new Lifecycle({ workers: 3 })
  assert.deepEqual(
    life.booting.map((worker) => worker.slot),
    [1, 2, 3],
  )
  life.say(1, { type: 'ready' })
  life.say(2, { type: 'ready' })
  assert.deepEqual(life.notes('master.ready'), [])
  life.say(3, { type: 'ready' })
  assert.deepEqual(life.notes('master.ready'), ['ready: 3 of 3 workers serve'])
  assert.equal(life.ordered('notify').at(-1)?.state, 'ready')
})

test('a ready worker is told to accept before the others are ready', () => {
  const life = new Lifecycle()
  const orders = life.say(1, { type: 'ready' })
  assert.deepEqual(
    orders.filter((order) => order.type === 'listen'),
    [{ type: 'listen', worker: 1, listeners: [1] }],
  )
})

for (const [stage, status] of [
  ['boot', 3],
  ['load', 4],
] as const) {
  for (const workers of [1, 8]) {
    test(`${workers} workers that fail to ${stage} end the server with status ${status}, and the reason is said once`, () => {
      const life = new Lifecycle({ workers })
      for (const worker of life.booting) {
        life.say(worker.id, { type: 'failed', stage, message: 'no such module', fix: null })
      }
      for (const worker of life.booting) life.die(worker.id, status)
      for (const worker of life.leaving) life.die(worker.id, status)
      assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: status }])
      assert.equal(life.notes('worker.cannot-start').length, 1)
      assert.match(life.notes('worker.cannot-start')[0] ?? '', /no such module/)
    })
  }
}

for (const workers of [1, 8]) {
  test(`${workers} workers whose last words are lost end the server with the status they end with`, () => {
    const life = new Lifecycle({ workers })
    for (const worker of life.booting) life.die(worker.id, 4)
    for (const worker of life.leaving) life.die(worker.id, 4)
    assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 4 }])
  })
}

test('a worker that is not ready in time ends the start with status 3', () => {
  const life = new Lifecycle({ workers: 1, bootTimeout: 5000 })
  life.pass(5000)
  assert.deepEqual(life.ordered('kill'), [{ type: 'kill', worker: 1 }])
  life.die(1)
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 3 }])
})

test('a process that cannot be started at all ends the start with status 3', () => {
  const life = new Lifecycle({ workers: 1 })
  life.hear({ type: 'unspawnable', worker: 1, message: 'EAGAIN' })
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 3 }])
})

test('a terminal that is closed stops the server as TERM does, and does not hurry a stop', () => {
  const life = running()
  life.hear({ type: 'hungUp' })
  assert.deepEqual(
    life.ordered('retire').map(({ worker, graceMs }) => [worker, graceMs]),
    [1, 2].map((worker) => [worker, limits.gracefulTimeout]),
  )
  const before = life.orders.length
  life.hear({ type: 'hungUp' })
  assert.deepEqual(
    life.orders.slice(before).filter(({ type }) => type === 'kill'),
    [],
  )
})

test('TERM closes the listeners, gives every worker its grace, and exits 0 when all have left', () => {
  const life = running()
  const orders = life.signal('SIGTERM')
  assert.ok(orders.some((order) => order.type === 'closeListeners'))
  assert.deepEqual(
    life.ordered('retire').map((order) => order.graceMs),
    [30_000, 30_000],
  )
  life.die(1, 0)
  assert.deepEqual(life.ordered('exit'), [])
  life.die(2, 0)
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 0 }])
})

test('a worker that does not leave within its grace is killed, and the server still exits 0', () => {
  const life = running({ workers: 1, gracefulTimeout: 10_000 })
  life.signal('SIGTERM')
  life.pass(10_500)
  assert.deepEqual(life.ordered('kill'), [])
  life.pass(1000)
  assert.deepEqual(life.ordered('kill'), [{ type: 'kill', worker: 1 }])
  life.die(1)
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 0 }])
})

for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
  test(`a second ${signal} during a graceful stop cuts what is left`, () => {
    const life = running({ workers: 1 })
    life.signal('SIGTERM')
    life.signal(signal)
    assert.deepEqual(life.ordered('retire').at(-1), { type: 'retire', worker: 1, graceMs: 0 })
    life.pass(1500)
    assert.equal(life.ordered('kill').length, 1)
  })
}

for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
  test(`${signal} gives no grace`, () => {
    const life = running()
    life.signal(signal)
    assert.deepEqual(
      life.ordered('retire').map((order) => order.graceMs),
      [0, 0],
    )
  })
}

test('a stop during the start ends the workers that are still loading', () => {
  const life = new Lifecycle()
  life.signal('SIGTERM')
  assert.equal(life.ordered('retire').length, 2)
  life.die(1, 0)
  life.die(2, 0)
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 0 }])
})

test('no signal during a stop starts anything', () => {
  const life = running()
  life.signal('SIGTERM')
  life.forget()
  for (const signal of ['SIGHUP', 'SIGTTIN', 'SIGTTOU', 'SIGUSR1', 'SIGWINCH'] as const) life.signal(signal)
  assert.deepEqual(life.ordered('spawn'), [])
  assert.deepEqual(life.ordered('try'), [])
})
