import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lifecycle, running } from '../../helpers/lifecycle.ts'

/** Hooks and the orders beside which they matter, as a reader would tell them. */
function told(life: Lifecycle): readonly string[] {
  return life.orders.flatMap((order) => {
    if (order.type === 'spawn' || order.type === 'kill') return [`${order.type} ${order.worker}`]
    if (order.type === 'exit') return ['exit']
    if (order.type !== 'hook') return []
    const { due } = order
    if ('worker' in due) return [`${due.name} ${due.worker.id}`]
    return 'now' in due ? [`${due.name} ${due.before} ${due.now}`] : [due.name]
  })
}

test('at the start the number of workers is told, then each worker before it is started, then that all serve', () => {
  const life = new Lifecycle()
  life.boot()
  const expected = ['workersChanged null 2', 'preSpawn 1', 'spawn 1', 'preSpawn 2', 'spawn 2', 'whenReady']
  assert.deepEqual(told(life), expected)
})

test('a reload is told once it has been tried, before any worker is started', () => {
  const life = running()
  life.signal('SIGHUP')
  assert.deepEqual(told(life), [])
  life.limits = { ...life.limits, workers: 3 }
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.deepEqual(told(life).slice(0, 4), ['onReload', 'workersChanged 2 3', 'preSpawn 3', 'spawn 3'])
})

test('a reload that fails, and one that keeps the number of workers, tell nothing of that', () => {
  const life = running()
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: false, message: 'no', fix: null } })
  assert.deepEqual(told(life), [])
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(
    told(life).some((word) => word.startsWith('workersChanged')),
    false,
  )
})

test('TTIN and TTOU tell the number when it changes, and not at its bounds', () => {
  const life = running({ workers: 1 })
  life.signal('SIGTTIN')
  life.signal('SIGTTOU')
  life.signal('SIGTTOU')
  const changes = told(life).filter((word) => word.startsWith('workersChanged'))
  assert.deepEqual(changes, ['workersChanged 1 2', 'workersChanged 2 1'])
})

test('every end of a worker is told once, with how it ended', () => {
  const life = running()
  life.die(1, 7)
  const [due] = life.ordered('hook').map((order) => order.due)
  assert.ok(due?.name === 'childExit')
  const worker = { id: 1, slot: 1, thread: null, generation: 1, pid: 100, age: 0, state: 'ready' }
  assert.deepEqual({ ...due.worker, age: 0 }, worker)
  assert.equal(due.exit.code, 7)
  assert.match(due.exit.reason, /status 7/)
  life.signal('SIGTERM')
  for (const worker of life.leaving) life.die(worker.id, 0)
  const words = told(life)
  assert.equal(words.filter((word) => word.startsWith('childExit')).length, 3)
  assert.equal(words.at(-1), 'exit')
})

test('a stuck worker is told after its kill, with its age, where it was stuck and what it was serving', () => {
  const life = running({ workers: 1, timeout: 10_000 })
  life.say(1, { type: 'stalled', stack: ['spin /app.js:3:5'], requests: ['GET /spin (7.0 s)'] })
  life.pass(10_000, [])
  assert.deepEqual(told(life).slice(0, 2), ['kill 1', 'workerAbort 1'])
  const [due] = life.ordered('hook').map((order) => order.due)
  assert.ok(due?.name === 'workerAbort')
  assert.deepEqual(due.stall, { stack: ['spin /app.js:3:5'], requests: ['GET /spin (7.0 s)'] })
  assert.equal(due.worker.age, 10_000)
})

test('workers that cannot start are told of like any other, before the server ends', () => {
  const life = new Lifecycle({ workers: 1 })
  life.say(1, { type: 'failed', stage: 'load', message: 'no such module', fix: null })
  life.die(1, 4)
  assert.deepEqual(told(life), ['workersChanged null 1', 'preSpawn 1', 'spawn 1', 'childExit 1', 'exit'])
})
