import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { closeGently } from './close-gently.ts'
import type { Refusal } from './refusals.ts'

/** Refuses a request that the application has not seen; earlier requests of the connection are answered first. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  response.shouldKeepAlive = false
  response.writeHead(refusal.status, fieldsOf(refusal)).end(bodyOf(refusal))
}

/** Refuses what has no answer of its own: it was not understood, or the application has it and is not heard any more. */
export function writeRefusal(socket: Socket, refusal: Refusal): void {
  const { status } = refusal
  const fields = Object.entries({ Date: new Date().toUTCString(), ...fieldsOf(refusal) })
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...fields.map(([name, value]) => `${name}: ${value}`)]
  // After a protocol switch nobody else listens for this, and an error that nobody listens for ends the process.
  socket.on('error', () => {})
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${bodyOf(refusal)}`)
  closeGently(socket)
}

function fieldsOf(refusal: Refusal): Readonly<Record<string, string | number>> {
  return { Connection: 'close', 'Content-Type': 'text/plain', 'Content-Length': bodyOf(refusal).length }
}

function bodyOf({ status, reason }: Refusal): string {
  return `${STATUS_CODES[status]}: ${reason}\n`
}

/** Reads on without looking: nothing that still comes can be answered, and to leave it unread would reset the connection. */
export function discardRest(socket: Socket): void {
  process.nextTick(() => {
    socket.removeAllListeners('data')
    socket.on('data', () => {})
    socket.resume()
  })
}
