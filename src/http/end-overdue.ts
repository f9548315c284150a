import type { ServerResponse } from 'node:http'
import { closeGently } from './close-gently.ts'
import type { Connection } from './connections.ts'

const words = { 408: 'Request Timeout', 503: 'Service Unavailable' } as const

/**
 * Ends the request that a connection is busy with: by an answer when none has begun, by cutting it off otherwise.
 * The application sees what it sees when a client leaves, so whatever it says later goes nowhere and hurts nobody.
 */
export function endOverdue(connection: Connection, status: keyof typeof words): void {
  const { socket, exchanges } = connection
  const [exchange] = exchanges
  connection.closing = true
  if (exchange === undefined || exchange.response.headersSent || exchange.response.socket !== socket) {
    return void socket.destroy()
  }
  const { response } = exchange
  exchange.refused = true
  response.statusCode = status
  leaveAlone(response)
  socket.write(answer(status))
  closeGently(socket)
}

/** Takes the connection from an answer, as its end would. */
function leaveAlone(response: ServerResponse): void {
  const { socket } = response
  if (socket !== null) response.detachSocket(socket)
  response.destroy()
  response.emit('close')
}

function answer(status: keyof typeof words): string {
  const body = `${words[status]}\n`
  const head = [
    `HTTP/1.1 ${status} ${words[status]}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
