import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAlive, Watchdog } from '../../../src/arbiter/watchdog.ts'
import { running } from '../../helpers/lifecycle.ts'

test('the service manager hears of a service in which at least one worker turns', () => {
  const life = running({ timeout: 5000 })
  life.pass(4000, [])
  assert.equal(isAlive(life.state, life.now, life.limits), true)
  life.now += 2000
  assert.equal(isAlive(life.state, life.now, life.limits), false)
  life.say(1, { type: 'beat', requests: 0, inFlight: 0, connections: 0, rssBytes: 0, measurements: null })
  assert.equal(isAlive(life.state, life.now, life.limits), true)
})

test('a service without a ready worker is not alive, a start and a stop are', () => {
  const life = running({ workers: 1 })
  life.die(1)
  assert.equal(isAlive(life.state, life.now, life.limits), false)
  life.boot()
  life.signal('SIGTERM')
  assert.equal(isAlive(life.state, life.now, life.limits), true)
})

test('pings come twice in a period, and not while the service is not alive', () => {
  const sent: unknown[] = []
  const keep = (lines: unknown): null => {
    sent.push(lines)
    return null
  }
  const watchdog = new Watchdog({ send: keep, close: () => {} }, 10_000)
  for (let now = 0; now < 20_000; now += 1000) watchdog.ping(now, true)
  assert.equal(sent.length, 4)
  for (let now = 20_000; now < 40_000; now += 1000) watchdog.ping(now, false)
  assert.equal(sent.length, 4)
  assert.equal(watchdog.until(18_000), 2000)
})

test('without a watchdog nothing is sent', () => {
  const watchdog = new Watchdog({ send: () => assert.fail('sent'), close: () => {} }, null)
  watchdog.ping(1e9, true)
  assert.equal(watchdog.until(1e9), Number.POSITIVE_INFINITY)
})
