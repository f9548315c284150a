import assert from 'node:assert/strict'
import { performServerHandshake } from 'node:http2'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { sessionOf } from '../../../../src/http/h2/session.ts'

test('a session that is destroyed when the worker leaves is asked for nothing more', () => {
  const session = performServerHandshake(new Duplex({ read: () => {}, write: () => {} }))
  session.on('error', () => {})
  const { giveNotice, close } = sessionOf(session)
  session.destroy()
  assert.throws(() => session.goaway(), { code: 'ERR_HTTP2_INVALID_SESSION' })
  giveNotice()
  close()
})
