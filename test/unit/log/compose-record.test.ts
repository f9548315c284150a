import assert from 'node:assert/strict'
import test from 'node:test'
import { composer, isWanted } from '../../../src/log/compose-record.ts'

const compose = composer({ pid: 7, worker: undefined })
const read = (fields: Readonly<Record<string, unknown>>) => JSON.parse(compose('warning', fields, 'told')) as object

test('a record is one line of JSON: level, time, what is always told, what is told now, and the message last', () => {
  const line = compose('info', { event: 'x', text: 'two\nlines' }, 'a "message"')
  assert.match(
    line,
    /^\{"level":"info","time":"\d{4}-[^"]+Z","pid":7,"event":"x","text":"two\\nlines","msg":"a \\"message\\""\}\n$/,
  )
})

test('a ring, a large number and what throws when it is read cost only themselves', () => {
  const ring: { readonly name: string; self?: unknown } = { name: 'ring' }
  ring.self = { again: ring, twice: [ring.name, ring.name] }
  const trap = Object.defineProperty({}, 'trap', {
    enumerable: true,
    get: () => {
      throw new Error('no')
    },
  })
  const { ring: told, big, trap: trapped, event } = read({ event: 'x', ring, big: { n: 12n }, trap }) as never
  assert.deepEqual(told, { name: 'ring', self: { again: '[Circular]', twice: ['ring', 'ring'] } })
  assert.deepEqual([big, trapped, event], [{ n: '12' }, '[cannot be written]', 'x'])
})

test('the same thing told twice is no ring', () => {
  const part = { a: 1 }
  const { both } = read({ both: { one: part, two: part, n: 1n } }) as never
  assert.deepEqual(both, { one: { a: 1 }, two: { a: 1 }, n: '1' })
})

test('what JSON has no word for is left out, and of an error only what may be told is', () => {
  const err = Object.assign(new Error('refused'), { code: 'E1', password: 'secret' })
  const record = read({ event: 'x', nothing: undefined, act: () => 1, err }) as { readonly err: object }
  assert.deepEqual(Object.keys(record), ['level', 'time', 'pid', 'event', 'err', 'msg'])
  assert.deepEqual(Object.keys(record.err), ['type', 'message', 'stack', 'code'])
})

test('records below the least level are not wanted', () => {
  assert.deepEqual(
    [isWanted('info', 'info'), isWanted('critical', 'info'), isWanted('debug', 'info')],
    [true, true, false],
  )
})
