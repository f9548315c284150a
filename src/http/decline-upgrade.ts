import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Node hands out upgrades only to servers that listen for them, so the probe has to listen, and then what an application
 * would have answered as an ordinary request (RFC 9110, 7.8) is answered so here. The parser has let go of the
 * connection by then, so it ends with the answer.
 */
export function declineUpgrades(server: Server): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    if (server.listenerCount('upgrade') > 1) return
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(request.socket)
    response.once('finish', () => {
      response.detachSocket(request.socket)
      socket.end()
    })
    server.emit('request', request, response)
  })
}
