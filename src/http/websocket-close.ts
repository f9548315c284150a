import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Connection } from './connections.ts'
import { closeFrame, goingAway } from './websocket.ts'
import type { Testimony } from './witness.ts'

/** An application has taken a connection over; from here on only its bytes are seen. */
export type Upgrade = {
  readonly websocket: boolean
  /** `bytesWritten` at the take-over: more means that the handshake is answered. */
  readonly writtenBefore: number
  readonly testimony: Testimony | null
  /** Nobody takes it over: it is answered here. */
  refused: boolean
  told: boolean
}

export function upgradeOf(request: IncomingMessage, socket: Socket, testimony: Testimony | null): Upgrade {
  const websocket = request.headers.upgrade?.toLowerCase() === 'websocket'
  return { websocket, writtenBefore: socket.bytesWritten, testimony, refused: false, told: false }
}

/**
 * Tells a WebSocket once that the server goes away, as soon as its handshake is answered. The client answers with a
 * close frame of its own, which is what makes the application's WebSocket library close the connection.
 */
export function sayGoodbye({ socket, upgrade }: Connection): void {
  if (upgrade === null || upgrade.told || !upgrade.websocket) return
  if (!socket.writable || socket.bytesWritten <= upgrade.writtenBefore) return
  upgrade.told = true
  socket.write(closeFrame(goingAway))
}
