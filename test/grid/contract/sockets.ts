import assert from 'node:assert/strict'
import { until } from '../../helpers/until.ts'
import type { Line } from '../contract.ts'

/** WebSockets. */
export const sockets = [
  {
    id: 'ws-echo',
    asks: 'a WebSocket echoes text and bytes',
    check: async (site) => {
      using socket = site.socket('/ws/echo')
      await socket.opened()
      socket.send('grüße')
      socket.send(Buffer.from([0, 255, 10]))
      await until(() => socket.received().length === 2, { what: 'two answers' })
      assert.deepEqual(socket.received(), ['grüße', Buffer.from([0, 255, 10])])
    },
  },
  {
    id: 'ws-push',
    asks: 'the server speaks first',
    check: async (site) => {
      using socket = site.socket('/ws/push')
      await until(() => socket.received().length === 3, { what: 'three messages' })
      assert.deepEqual(socket.received(), ['1', '2', '3'])
    },
  },
  {
    id: 'ws-close',
    asks: 'the server closes with a code of its own',
    check: async (site) => {
      using socket = site.socket('/ws/close')
      await socket.opened()
      socket.send('close')
      assert.equal(await socket.closed(), 4001)
    },
  },
] as const satisfies readonly Line[]
