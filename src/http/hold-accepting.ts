import type { Server } from 'node:net'

/** What libuv has beneath a net.Server, as TCPWrap or PipeWrap. */
type Handle = { readonly readStart: () => number; readonly readStop: () => number }

/**
 * Lets a server that listens on an inherited descriptor accept, now or again. To be called right after `listen`, too:
 * what has been started like this can be stopped without closing the descriptor. Node has no word for it, but its handles
 * have: to libuv a listening descriptor that was opened by its number is a stream, these two begin and end its polling,
 * and what the poll finds is a connection all the same (uv__server_io). Throws where Node is made in another way.
 */
export function goOnAccepting(server: Server): void {
  const status = handleOf(server)?.readStart() ?? 'no handle'
  if (status !== 0 && status !== alreadyStarted)
    throw new Error(`this Node.js has no way to stop accepting connections (${status})`)
}

/** The server accepts nothing until it is to go on; what comes waits in the queue of the socket. */
export function holdAccepting(server: Server): void {
  handleOf(server)?.readStop()
}

/** UV_EALREADY */
const alreadyStarted = -114

function handleOf(server: Server): Handle | null {
  const handle: unknown = Reflect.get(server, '_handle')
  return typeof handle === 'object' && handle !== null && 'readStart' in handle ? (handle as Handle) : null
}
