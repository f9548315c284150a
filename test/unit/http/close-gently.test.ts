import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { test } from 'node:test'
import { closeGently } from '../../../src/http/close-gently.ts'

test('a connection that is told to close again and again is watched once', () => {
  const socket = new Duplex({ read: () => {}, write: () => {} })
  closeGently(socket as Socket)
  const before = socket.listenerCount('close')
  for (let count = 0; count < 20; count += 1) closeGently(socket as Socket)
  assert.equal(socket.listenerCount('close'), before)
  assert.equal(socket.writableEnded, true)
})
