import type { TLSSocket } from 'node:tls'
import { afterTurns, beneathOf, isBetweenLayers } from './between-layers.ts'

/** The pause between two looks, in milliseconds. */
const pauseMs = 1000

/**
 * Ends connections whose client has gone while something was written to it. Node's TLS never writes again after a write
 * that failed, and does not say so to node:http2, which reads nothing more until what it writes next has gone out: it
 * would not hear of the end, and keep the connection, and the application's requests on it, for good.
 */
export function endStuck(): (socket: TLSSocket) => void {
  /** With how many bytes the kernel had been given when they were last seen with some that should have been. */
  const seen = new Map<TLSSocket, number | null>()
  const look = (): void => {
    for (const [socket, before] of seen) {
      const written = isBetweenLayers(socket) ? (beneathOf(socket)?.bytesWritten ?? null) : null
      seen.set(socket, written)
      if (written !== null && written === before) endUnlessMoving(socket, written)
    }
  }
  setInterval(look, pauseMs).unref()
  return (socket) => {
    seen.set(socket, null)
    socket.once('close', () => seen.delete(socket))
  }
}

/** On a busy machine there may have been no turn of the event loop between two looks. */
function endUnlessMoving(socket: TLSSocket, written: number): void {
  afterTurns(() => {
    if (isBetweenLayers(socket) && beneathOf(socket)?.bytesWritten === written) socket.destroy()
  })
}
