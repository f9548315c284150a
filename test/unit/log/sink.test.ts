import assert from 'node:assert/strict'
import test from 'node:test'
import { createSink } from '../../../src/log/sink.ts'

/** A destination that takes so many bytes of each write, or fails as told; by default it takes all. */
function destination(answers: (number | string)[]) {
  const taken: string[] = []
  const pauses: number[] = []
  const write = (_: number, bytes: Uint8Array): number => {
    const answer = answers.shift() ?? bytes.length
    if (typeof answer === 'string') throw Object.assign(new Error(`${answer}: told so, write`), { code: answer })
    taken.push(Buffer.from(bytes.subarray(0, answer)).toString())
    return Math.min(answer, bytes.length)
  }
  const sink = createSink(1, { write, pause: (ms) => pauses.push(ms) })
  return { sink, taken, pauses }
}

test('a line goes out in one write', () => {
  const { sink, taken } = destination([])
  assert.equal(sink.write('hello\n'), null)
  assert.deepEqual(taken, ['hello\n'])
})

test('what a write leaves over goes out in the next', () => {
  const { sink, taken } = destination([2])
  assert.equal(sink.write('hello\n'), null)
  assert.deepEqual(taken, ['he', 'llo\n'])
})

test('a reader that is behind is waited for a little', () => {
  const { sink, taken, pauses } = destination(['EAGAIN', 'EAGAIN'])
  assert.equal(sink.write('hello\n'), null)
  assert.deepEqual(taken, ['hello\n'])
  assert.deepEqual(pauses, [1, 2])
})

test('a reader that never reads costs the line, and no more time for those after it', () => {
  const { sink, taken, pauses } = destination(Array.from({ length: 13 }, () => 'EAGAIN'))
  assert.equal(sink.write('one\n'), 'EAGAIN: told so')
  const waited = pauses.reduce((sum, pause) => sum + pause, 0)
  assert.ok(waited > 500 && waited < 1500, `${waited} ms`)
  assert.equal(sink.write('two\n'), 'EAGAIN: told so')
  assert.equal(
    pauses.reduce((sum, pause) => sum + pause, 0),
    waited,
  )
  assert.equal(sink.write('three\n'), 'EAGAIN: told so')
  assert.equal(sink.write('four\n'), null)
  assert.deepEqual(taken, ['four\n'])
})

test('a reader that came back is waited for again', () => {
  const { sink, pauses } = destination([...Array.from({ length: 11 }, () => 'EAGAIN'), 4, 'EAGAIN'])
  sink.write('one\n')
  sink.write('two\n')
  const before = pauses.length
  assert.equal(sink.write('three\n'), null)
  assert.equal(pauses.length, before + 1)
})

test('a reader that is gone, or a full disk, costs the line at once', () => {
  for (const code of ['EPIPE', 'EIO', 'ENOSPC', 'EBADF']) {
    const { sink, pauses } = destination([code])
    assert.equal(sink.write('one\n'), `${code}: told so`)
    assert.deepEqual(pauses, [])
    assert.equal(sink.write('two\n'), null)
  }
})

test('a line broken off by a full disk does not swallow the next one', () => {
  const { sink, taken } = destination([3, 'ENOSPC', 'ENOSPC'])
  assert.match(sink.write('first line\n') ?? '', /ENOSPC/)
  assert.match(sink.write('lost\n') ?? '', /ENOSPC/)
  assert.equal(sink.write('second line\n'), null)
  assert.equal(sink.write('third line\n'), null)
  assert.equal(taken.join(''), 'fir\nsecond line\nthird line\n')
})

test('a device that takes nothing does not keep us', () => {
  const { sink } = destination([0])
  assert.equal(sink.write('one\n'), 'nothing was written')
})
