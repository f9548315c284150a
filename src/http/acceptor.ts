import { createServer, type Server, type Socket } from 'node:net'
import { goOnAccepting, holdAccepting } from './hold-accepting.ts'
import { asHttpDoes, createReception, type ReceptionOptions } from './reception.ts'

export type AcceptorOptions = ReceptionOptions & {
  /** A worker's listen call resets the backlog of the socket all workers share, so it must name the same number. */
  readonly backlog: number
  /** A connection was accepted this moment; a PROXY header and a TLS handshake may be still to come. */
  readonly onAccept: (socket: Socket) => void
  /** A connection could not be accepted, for want of descriptors; the others go on. */
  readonly onError: (error: Error) => void
}

export type Acceptor = {
  /** Begins to accept on a listening descriptor, which is its own from then on. Rejects when it cannot be listened on. */
  readonly start: (fd: number) => Promise<void>
  /** Accepts nothing until it is to go on: what comes waits in the queue, where other processes may take it. */
  readonly hold: () => void
  readonly goOn: () => void
  /** Accepts what waits in the queue, until it is over. False when accepting was stopped meanwhile. */
  readonly empty: (isOver: () => boolean) => Promise<boolean>
  /** Lets go of the descriptor at once; what waits in the queue stays there. */
  readonly stop: () => void
  /** Connections whose PROXY header or TLS handshake is not over, and when they were accepted. */
  readonly handshaking: ReadonlyMap<Socket, number>
}

/** Turns of the event loop without a new connection after which the queue counts as empty. */
const quietTurns = 3

/** Accepts connections on inherited listening descriptors, one at a time. */
export function createAcceptor({ backlog, onAccept, onError, ...options }: AcceptorOptions): Acceptor {
  const { receive, handshaking } = createReception(options)
  let accepted = 0
  let isFirst = true
  let isHeld = false
  const server = createServer(asHttpDoes, (socket) => {
    accepted += 1
    onAccept(socket)
    receive(socket)
  })
  return {
    handshaking,
    start: async (fd) => {
      await listen(server, fd, backlog)
      if (isFirst) server.on('error', onError)
      isFirst = false
    },
    hold: () => {
      isHeld = true
      holdAccepting(server)
    },
    goOn: () => {
      isHeld = false
      goOnAccepting(server)
    },
    empty: (isOver) => empty(() => accepted, { isOver, isStopped: () => isHeld || !server.listening, most: backlog }),
    stop: () => void server.close(),
  }
}

function listen(server: Server, fd: number, backlog: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ fd }, backlog, () => {
      server.off('error', reject)
      resolve()
    })
    if (server.listening) goOnAccepting(server)
  })
}

/**
 * A listening socket says nothing of how many wait. But each turn of the event loop accepts at least one if there is
 * one, so a few turns without any mean that nobody waits. On a socket shared with others, connections may come without
 * end; no more than the backlog can have waited at the begin.
 */
async function empty(
  accepted: () => number,
  {
    isOver,
    isStopped,
    most,
  }: { readonly isOver: () => boolean; readonly isStopped: () => boolean; readonly most: number },
): Promise<boolean> {
  const last = accepted() + most
  let seen = accepted()
  for (let quiet = 0; quiet < quietTurns && seen <= last && !isOver(); ) {
    await new Promise((resolve) => setImmediate(resolve))
    if (isStopped()) return false
    quiet = accepted() === seen ? quiet + 1 : 0
    seen = accepted()
  }
  return true
}
