// A WebSocket echo beside an ordinary route.
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const server = createServer((_request, response) => response.end('not a websocket'))
new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (message) => socket.send(String(message)))
})

export { server }
