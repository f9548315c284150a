// Hono as its own adapter for Node.js serves it, with its WebSockets.
import { serve, upgradeWebSocket } from '@hono/node-server'
import { WebSocketServer } from 'ws'
import { makeRoutes } from './hono-routes.mjs'
import { start, stop } from './state.mjs'

const app = makeRoutes()
app.get(
  '/ws/echo',
  upgradeWebSocket(() => ({ onMessage: (event, socket) => socket.send(event.data) })),
)
app.get(
  '/ws/push',
  upgradeWebSocket(() => ({
    onOpen: (_event, socket) => {
      for (const word of ['1', '2', '3']) socket.send(word)
    },
  })),
)
app.get(
  '/ws/close',
  upgradeWebSocket(() => ({ onMessage: (_event, socket) => socket.close(4001, 'as told') })),
)

await start()
const server = serve({ fetch: app.fetch, port: 3000, websocket: { server: new WebSocketServer({ noServer: true }) } })
process.on('SIGTERM', () => server.close(stop))
