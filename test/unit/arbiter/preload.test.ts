import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lifecycle } from '../../helpers/lifecycle.ts'

const broken = { stage: 'load', message: 'no such module', fix: 'install it' } as const

test('with preload no worker starts before the application has been loaded once', () => {
  const life = new Lifecycle({ workers: 3, preload: true })
  assert.equal(life.ordered('preload').length, 1)
  life.pass(5000)
  assert.deepEqual(life.ordered('spawn'), [])
  life.hear({ type: 'preloaded', failure: null })
  assert.equal(life.booting.length, 3)
  life.boot()
  assert.equal(life.notes('master.ready').length, 1)
})

for (const [stage, status] of [
  ['boot', 3],
  ['load', 4],
] as const) {
  test(`an application that fails to ${stage} ends the server with status ${status} and one message, and no worker was started`, () => {
    const life = new Lifecycle({ workers: 8, preload: true })
    life.hear({ type: 'preloaded', failure: { ...broken, stage } })
    assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: status }])
    assert.deepEqual(life.ordered('spawn'), [])
    assert.deepEqual(life.notes('worker.cannot-start'), ['no worker can start: no such module'])
  })
}

test('a stop while the application is loaded once gives that up, and exits 0', () => {
  const life = new Lifecycle({ preload: true })
  life.signal('SIGTERM')
  assert.equal(life.ordered('abandonTrial').length, 1)
  assert.deepEqual(life.ordered('exit'), [{ type: 'exit', code: 0 }])
  life.hear({ type: 'preloaded', failure: broken })
  assert.deepEqual(life.notes('worker.cannot-start'), [])
})

test('a reload asked for meanwhile begins when the first workers are ready', () => {
  const life = new Lifecycle({ workers: 1, preload: true })
  life.signal('SIGHUP')
  assert.deepEqual(life.ordered('try'), [])
  life.hear({ type: 'preloaded', failure: null })
  life.boot()
  assert.equal(life.ordered('try').length, 1)
})

test('while somebody writes the application, one that cannot be loaded is waited for', () => {
  const life = new Lifecycle({ workers: 1, preload: true, waitsForChange: true })
  life.hear({ type: 'preloaded', failure: broken })
  assert.deepEqual(life.ordered('exit'), [])
  life.hear({ type: 'sourcesChanged', files: ['app.js'] })
  life.hear({ type: 'tried', outcome: { ok: true } })
  assert.equal(life.booting.length, 1)
})

test('the service manager is asked for patience while the application is loaded once', () => {
  const life = new Lifecycle({ preload: true, bootTimeout: 30_000 })
  life.pass(20_000)
  assert.ok(life.ordered('extendTimeout').length >= 4)
})
