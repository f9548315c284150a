import assert from 'node:assert/strict'
import test from 'node:test'
import { cutRecord, cutText } from '../../../src/log/fit.ts'

const same = (line: string): string => line

test('text that fits is not touched', () => {
  assert.equal(cutText('grün', 5), 'grün')
})

test('text that does not fit is cut between characters and says so', () => {
  for (let limit = 20; limit < 60; limit += 1) {
    const cut = cutText('ä€🙂'.repeat(20), limit)
    assert.ok(Buffer.byteLength(cut) <= limit, `${Buffer.byteLength(cut)} bytes at ${limit}`)
    assert.match(cut, /^[ä€🙂]+ … \[cut\]$/u)
  }
})

test('a record that is too long loses the end of its longest text and stays JSON', () => {
  const record = {
    level: 'error',
    event: 'x',
    err: { message: 'boom', stack: 'at line\n'.repeat(1000) },
    msg: 'failed',
  }
  const cut = cutRecord(JSON.stringify(record), 4000, same)
  assert.ok(Buffer.byteLength(cut) <= 4000)
  const read = JSON.parse(cut) as typeof record
  assert.equal(read.msg, 'failed')
  assert.equal(read.err.message, 'boom')
  assert.match(read.err.stack, /^at line\n(.|\n)* … \[cut\]$/)
})

test('text that grows when it is escaped is cut until the escaped line fits', () => {
  const longer = (line: string): string => line.replaceAll('\u2028', '\\u2028')
  const cut = cutRecord(JSON.stringify({ msg: '\u2028'.repeat(3000) }), 1000, longer)
  assert.ok(Buffer.byteLength(cut) <= 1000)
  assert.match(JSON.parse(cut).msg as string, /^\u2028+/)
})

test('a record of countless small parts keeps what every record has', () => {
  const parts = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`field${index}`, index]))
  const record = { level: 'info', time: 't', pid: 7, event: 'many.parts', ...parts, msg: 'hello' }
  assert.deepEqual(JSON.parse(cutRecord(JSON.stringify(record), 2000, same)), {
    ...{ level: 'info', time: 't', pid: 7, event: 'many.parts', cut: true, msg: 'hello' },
  })
})
