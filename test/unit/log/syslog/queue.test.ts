import assert from 'node:assert/strict'
import test from 'node:test'
import { SyslogQueue, type SyslogTrouble } from '../../../../src/log/syslog/queue.ts'

function setUp() {
  const sent: string[] = []
  const troubles: SyslogTrouble[] = []
  const daemon = { problem: null as string | null }
  const send = (message: Buffer): string | null => {
    if (daemon.problem === null) sent.push(message.toString())
    return daemon.problem
  }
  let due: (() => void) | null = null
  const later = (act: () => void): (() => void) => {
    due = act
    return () => {
      due = null
    }
  }
  const queue = new SyslogQueue({ send, close: () => {} }, (trouble) => troubles.push(trouble), later)
  /** The next attempt. */
  const pass = (): void => due?.()
  return { sent, troubles, daemon, queue, pass }
}

const message = (text: string): Buffer => Buffer.from(text)

test('a message is sent at once, and one that is not taken later, in order', () => {
  const { sent, troubles, daemon, queue, pass } = setUp()
  queue.write(message('one'))
  daemon.problem = 'full'
  queue.write(message('two'))
  queue.write(message('three'))
  assert.deepEqual(sent, ['one'])
  daemon.problem = null
  pass()
  queue.write(message('four'))
  assert.deepEqual(sent, ['one', 'two', 'three', 'four'])
  assert.deepEqual(troubles, [])
})

test('a daemon that stays away is told once, and what was lost for it when it is back', () => {
  const { sent, troubles, daemon, queue, pass } = setUp()
  daemon.problem = 'gone'
  for (let number = 0; number < 2000; number += 1) queue.write(message('x'.repeat(1024)))
  for (let attempt = 0; attempt < 60; attempt += 1) pass()
  assert.deepEqual(troubles, [{ type: 'stuck', reason: 'gone' }])
  daemon.problem = null
  pass()
  assert.deepEqual(troubles.slice(1), [{ type: 'over', lost: 2000 - 1024, reason: 'gone' }])
  assert.equal(sent.length, 1024)
  queue.write(message('after'))
  assert.equal(sent.at(-1), 'after')
})

test('the last flush sends what it can', () => {
  const { sent, daemon, queue } = setUp()
  daemon.problem = 'full'
  queue.write(message('last words'))
  daemon.problem = null
  queue.flush()
  assert.deepEqual(sent, ['last words'])
})
