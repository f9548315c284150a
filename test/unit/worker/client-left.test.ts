import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isClientLeft } from '../../../src/worker/client-left.ts'

const aborted = Object.assign(new Error('aborted'), { code: 'ECONNRESET' })

test('a rejection because a client broke off its upload is told from an error of the application', () => {
  assert.equal(isClientLeft(aborted, 'unhandledRejection'), true)
  assert.equal(isClientLeft(aborted, 'uncaughtException'), false)
  assert.equal(isClientLeft(new Error('aborted'), 'unhandledRejection'), false)
  assert.equal(isClientLeft(Object.assign(new Error('read'), { code: 'ECONNRESET' }), 'unhandledRejection'), false)
  assert.equal(isClientLeft('aborted', 'unhandledRejection'), false)
})

const premature = (...frames: readonly string[]): Error =>
  Object.assign(new Error('Premature close'), {
    code: 'ERR_STREAM_PREMATURE_CLOSE',
    stack: ['Error [ERR_STREAM_PREMATURE_CLOSE]: Premature close', ...frames.map((frame) => `    at ${frame}`)].join(
      '\n',
    ),
  })

test('a download that a client broke off is told from another stream that ended too early', () => {
  const ours = premature(
    'ServerResponse.onclose (node:internal/streams/end-of-stream:159:30)',
    'emitCloseNT (node:_http_server:1019:10)',
  )
  const another = premature('PassThrough.onclose (node:internal/streams/end-of-stream:159:30)')
  assert.equal(isClientLeft(ours, 'unhandledRejection'), true)
  assert.equal(isClientLeft(ours, 'uncaughtException'), false)
  assert.equal(isClientLeft(another, 'unhandledRejection'), false)
})
