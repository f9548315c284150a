import assert from 'node:assert/strict'
import { once } from 'node:events'
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

test('whoever ends a connection that is being closed hears of it as ever, and nobody else makes an error of it', async () => {
  const socket = new Duplex({ read: () => {}, write: () => {} })
  const finished = once(socket, 'finish')
  closeGently(socket as Socket)
  await finished
  assert.equal(socket.end(), socket)
  const heard = await new Promise((resolve) => socket.end(resolve))
  assert.match(String(heard), /ERR_STREAM_ALREADY_FINISHED/)
})
