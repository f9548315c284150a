import { Socket } from 'node:net'
import { takenOf } from './write-queue.ts'

/** How long a connection that was told to close is kept without a byte to or from the client, and at most, in milliseconds. */
const [pauseMs, longestMs] = [2000, 30_000] as const

/** Those that are being closed: whoever asks again adds nothing to it. */
const closing = new WeakSet<Socket>()

const { end } = Socket.prototype

/** node:http ends a socket once more when its client does, and node:stream makes an error of that, with a stack, for nobody. */
function endAgain(this: Socket, ...given: readonly unknown[]): Socket {
  return given.length === 0 ? this : Reflect.apply(end, this, given)
}

/**
 * Ends our side and goes on reading for a while: closing a socket on which something unread has arrived makes the kernel
 * reset it, and a reset takes answers with it that the client has not read yet (RFC 9112, 9.6). Many clients read their
 * answer only after they have sent everything, so the time is theirs as long as they send.
 */
export function closeGently(socket: Socket): void {
  if (socket.destroyed || closing.has(socket)) return
  closing.add(socket)
  socket.end()
  socket.end = endAgain
  const latest = performance.now() + longestMs
  const moved = (): number => socket.bytesRead + takenOf(socket)
  let before = moved()
  const look = (): void => {
    if (moved() === before || performance.now() >= latest) {
      closing.delete(socket)
      return void socket.destroy()
    }
    before = moved()
    timer.refresh()
  }
  const timer = setTimeout(look, pauseMs).unref()
  socket.once('close', () => clearTimeout(timer))
}
