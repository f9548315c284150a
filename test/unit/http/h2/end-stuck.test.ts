import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { afterTurns } from '../../../../src/http/h2/between-layers.ts'
import { endStuck } from '../../../../src/http/h2/end-stuck.ts'

const turns = (): Promise<void> => new Promise((resolve) => afterTurns(resolve, 20))

/** A connection whose bytes have been encrypted and are with nobody. */
function between() {
  let isDestroyed = false
  const beneath = { bytesWritten: 100, _handle: { writeQueueSize: 0 } }
  const socket = Object.assign(new EventEmitter(), {
    ...{ _parent: beneath, _handle: { writeQueueSize: 50 } },
    destroy: () => {
      isDestroyed = true
    },
  })
  return { socket: socket as unknown as TLSSocket, beneath, isDestroyed: () => isDestroyed }
}

test('a connection whose bytes do not get through the TLS is ended, but not for a pause of the event loop', async (context) => {
  let look = () => {}
  context.mock.method(globalThis, 'setInterval', (act: () => void) => {
    look = act
    return { unref: () => {} }
  })
  const watch = endStuck()
  const [stuck, slow] = [between(), between()]
  for (const { socket } of [stuck, slow]) watch(socket)
  // No turn of the event loop is between these two looks.
  look()
  look()
  slow.beneath.bytesWritten += 50
  await turns()
  assert.deepEqual([stuck.isDestroyed(), slow.isDestroyed()], [true, false])
})
