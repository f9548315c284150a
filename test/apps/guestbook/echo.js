import { WebSocketServer } from 'ws'

/** A WebSocket at `path` that sends back whatever it is sent. */
export function startEcho(server, path) {
  const sockets = new WebSocketServer({ server, path, maxPayload: 4096 })
  sockets.on('connection', (socket) => {
    socket.on('message', (words, isBinary) => socket.send(words, { binary: isBinary }))
    // A visitor who breaks the protocol or vanishes loses the connection, nobody else does.
    socket.on('error', () => socket.terminate())
  })
}
