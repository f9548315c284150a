import assert from 'node:assert/strict'
import test from 'node:test'
import { Failure } from '../../../src/contract/errors.ts'
import { inheritedListeners } from '../../../src/system/inherited.ts'
import { createNotifier, watchdogPeriod } from '../../../src/system/notify.ts'

test('descriptors meant for another process are not taken', () => {
  assert.deepEqual(inheritedListeners({}, 812), [])
  assert.deepEqual(inheritedListeners({ LISTEN_FDS: '1', LISTEN_PID: '811' }, 812), [])
  assert.deepEqual(inheritedListeners({ LISTEN_FDS: '1' }, 812), [])
  assert.deepEqual(inheritedListeners({ LISTEN_FDS: '0', LISTEN_PID: '812' }, 812), [])
})

test('nonsense in the LISTEN variables is named, with what was expected', () => {
  const bad: [Record<string, string>, RegExp][] = [
    [{ LISTEN_FDS: 'two', LISTEN_PID: '812' }, /LISTEN_FDS in the environment: expected a whole number, got "two"/],
    [{ LISTEN_FDS: '-1', LISTEN_PID: '812' }, /LISTEN_FDS/],
    [{ LISTEN_FDS: '1e9', LISTEN_PID: '812' }, /LISTEN_FDS/],
    [{ LISTEN_FDS: '100000', LISTEN_PID: '812' }, /at most 1024/],
    [
      { LISTEN_FDS: '1', LISTEN_PID: 'x\u001b[2J' },
      /LISTEN_PID in the environment: expected a whole number, got "x\\u001b\[2J"/,
    ],
    [
      { LISTEN_FDS: '2', LISTEN_PID: '812', LISTEN_FDNAMES: 'only-one' },
      /LISTEN_FDNAMES in the environment: expected 2 names/,
    ],
  ]
  for (const [env, message] of bad) {
    assert.throws(
      () => inheritedListeners(env, 812),
      (error) => error instanceof Failure && error.code === 'BIND_REFUSED' && message.test(error.message),
      JSON.stringify(env),
    )
  }
})

test('without a supervisor nothing is told, and that is no problem', () => {
  for (const path of [undefined, '']) assert.equal(createNotifier(path).send({ READY: 1 }), null)
})

test('the watchdog period is the supervisor’s, in milliseconds, when it is meant for us', () => {
  assert.equal(watchdogPeriod({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '812' }, 812), 30_000)
  assert.equal(watchdogPeriod({ WATCHDOG_USEC: '30000000' }, 812), 30_000)
  assert.equal(watchdogPeriod({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' }, 812), null)
  for (const period of ['0', '', 'soon', '-5']) assert.equal(watchdogPeriod({ WATCHDOG_USEC: period }, 812), null)
  assert.equal(watchdogPeriod({}, 812), null)
})
