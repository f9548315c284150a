import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lifecycle, running } from '../../helpers/lifecycle.ts'

for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGINT'] as const) {
  test(`${signal} to a worker that cannot listen yet is no failed start: it is started again`, () => {
    const life = new Lifecycle()
    life.die(1, null, signal)
    assert.deepEqual(life.ordered('exit'), [])
    assert.match(life.notes('worker.interrupted')[0] ?? '', new RegExp(signal))
    life.boot()
    assert.equal(life.notes('master.ready').length, 1)
  })
}

test('a worker that is interrupted again and again ends the start all the same', () => {
  const life = new Lifecycle({ workers: 1 })
  for (let id = 1; id <= 3; id++) life.die(id, null, 'SIGTERM')
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 3 }])
})

test('a worker killed while it starts is a failed start', () => {
  const life = new Lifecycle({ workers: 1 })
  life.die(1, null, 'SIGKILL')
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 3 }])
})

test('a signal to a starting worker does not end a reload', () => {
  const life = running()
  life.signal('SIGHUP')
  life.hear({ type: 'tried', outcome: { ok: true } })
  life.die(life.booting[0]?.id ?? 0, null, 'SIGHUP')
  assert.deepEqual(life.notes('reload.failed'), [])
  assert.equal(life.booting.length, 1)
})

test('a TERM that a worker takes while it loads lets it go and starts another', () => {
  const life = new Lifecycle({ workers: 1 })
  life.say(1, { type: 'leaving', reason: 'signal' })
  assert.equal(life.booting.length, 1)
  life.die(1, 0)
  assert.deepEqual(life.ordered('exit'), [])
})
