import type { ServerResponse } from 'node:http'
import type { Connection } from './connections.ts'
import { type Refusal, refusals } from './refusals.ts'
import { writeRefusal } from './refuse.ts'

const late: Readonly<Record<408 | 503, Refusal>> = {
  408: refusals.timeout,
  503: { status: 503, reason: 'the application took too long to answer' },
}

/**
 * Ends the request that a connection is busy with: by an answer when none has begun, by cutting it off otherwise.
 * The application sees what it sees when a client leaves, so whatever it says later goes nowhere and hurts nobody.
 */
export function endOverdue(connection: Connection, status: keyof typeof late): void {
  const { socket, exchanges } = connection
  const [exchange] = exchanges
  if (connection.session !== null && exchange !== undefined) {
    exchange.refused = true
    return connection.session.refuse(exchange.request, late[status])
  }
  connection.closing = true
  if (exchange === undefined || exchange.response.headersSent || exchange.response.socket !== socket) {
    return void socket.destroy()
  }
  exchange.refused = true
  exchange.response.statusCode = status
  leaveAlone(exchange.response)
  writeRefusal(socket, late[status])
}

/** Takes the connection from an answer, as its end would. */
function leaveAlone(response: ServerResponse): void {
  const { socket } = response
  if (socket !== null) response.detachSocket(socket)
  response.destroy()
  response.emit('close')
}
