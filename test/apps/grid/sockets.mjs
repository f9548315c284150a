// WebSockets by the package ws, for whatever has a server and no WebSockets of its own.
import { WebSocketServer } from 'ws'

const routes = {
  '/ws/echo': (socket) => socket.on('message', (words, binary) => socket.send(words, { binary })),
  '/ws/push': (socket) => {
    for (const word of ['1', '2', '3']) socket.send(word)
  },
  '/ws/close': (socket) => socket.on('message', () => socket.close(4001, 'as told')),
}

export function addSockets(server) {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    const route = routes[request.url]
    if (route === undefined)
      return socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, route)
  })
  return server
}
