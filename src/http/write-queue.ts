import type { Socket } from 'node:net'

/** Bytes that the kernel has not taken yet: an answer on its way to a slow client makes progress here and nowhere else. */
export function queueOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle')
  const size: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'writeQueueSize') : 0
  return typeof size === 'number' ? size : 0
}

/** Bytes that the kernel has taken, whatever more waits for it. */
export function takenOf(socket: Socket): number {
  return socket.bytesWritten - socket.writableLength - queueOf(socket)
}
