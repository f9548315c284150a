import type { Socket } from 'node:net'

/** How long a connection that was told to close may go on sending what nobody will answer, in milliseconds. */
const lingering = 2000

/**
 * Ends our side and goes on reading for a while: closing a socket on which something unread has arrived makes the kernel
 * reset it, and a reset takes answers with it that the client has not read yet (RFC 9112, 9.6).
 */
export function closeGently(socket: Socket): void {
  if (socket.destroyed) return
  socket.end()
  const timer = setTimeout(() => socket.destroy(), lingering)
  timer.unref()
  socket.once('close', () => clearTimeout(timer))
  socket.resume()
}
