import assert from 'node:assert/strict'
import test from 'node:test'
import { createColourFormat, formatJournal, formatJson, formatPlain } from '../../../src/log/format.ts'

const roomy = 16_384
const time = '2026-11-20T15:26:41.500Z'
const record = (fields: object): string =>
  `${JSON.stringify({ level: 'info', time, pid: 812, event: 'x', ...fields })}\n`

test('a line for people reads like one of Gunicorn', () => {
  const line = formatPlain(record({ msg: 'listening' }), roomy)
  const match = /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4})\] \[812\] \[INFO\] listening\n$/.exec(line)
  assert.ok(match, line)
  assert.equal(Date.parse(match[1] ?? ''), Date.parse('2026-11-20T15:26:41Z'))
})

test('every level has its name in lines for people and its priority in the journal', () => {
  const pretty = formatPlain
  const found = ['debug', 'info', 'warning', 'error', 'critical'].map((level) => [
    /\[([A-Z]+)\]/.exec(pretty(record({ level, msg: 'm' }), roomy))?.[1],
    formatJournal(record({ level, msg: 'm' }), roomy),
  ])
  assert.deepEqual(found, [
    ['DEBUG', '<7>m\n'],
    ['INFO', '<6>m\n'],
    ['WARNING', '<4>m\n'],
    ['ERROR', '<3>m\n'],
    ['CRITICAL', '<2>m\n'],
  ])
})

test('lines for people are coloured only when told', () => {
  const control = '\u001b['
  assert.ok(!formatPlain(record({ level: 'error', msg: 'm' }), roomy).includes(control))
  assert.ok(createColourFormat()(record({ level: 'error', msg: 'm' }), roomy).includes(`${control}31mERROR`))
})

test('a record is one line in every form, whatever its message holds', () => {
  for (const format of [formatPlain, createColourFormat(), formatJournal, formatJson]) {
    const line = format(
      record({ msg: 'one\ntwo\r\nthree\u2028four\u0085', err: { stack: 'Error: a\n    at b\n    at c' } }),
      roomy,
    )
    assert.equal(line.split(/[\n\r\u2028\u0085]/).length, 2, line)
    assert.ok(line.endsWith('\n'))
  }
})

test('the stack of an error stands behind the message', () => {
  const line = formatJournal(
    record({ level: 'error', msg: 'failed', err: { stack: 'Error: a\n    at b (c.js:1:2)' } }),
    roomy,
  )
  assert.equal(line, '<3>failed | Error: a | at b (c.js:1:2)\n')
})

test('no line is longer than the system takes in one piece', () => {
  for (const format of [formatPlain, createColourFormat(), formatJournal, formatJson]) {
    const line = format(record({ msg: 'ü\n'.repeat(5000), err: { stack: 'x'.repeat(9000) } }), 4096)
    assert.ok(Buffer.byteLength(line) <= 4096, String(Buffer.byteLength(line)))
    assert.match(line, /\[cut\]/)
    assert.match(line, /^[^\n]+\n$/)
  }
})

test('JSON lines say the same as the record', () => {
  const fields = { msg: 'a\u2028b', nested: { list: [1, 'two'] } }
  assert.deepEqual(JSON.parse(formatJson(record(fields), roomy)), {
    level: 'info',
    time,
    pid: 812,
    event: 'x',
    ...fields,
  })
})
