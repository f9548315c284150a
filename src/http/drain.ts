import type { Socket } from 'node:net'
import type { DrainOrder, OpenRequest } from '../contract/serving.ts'
import { closeGently } from './close-gently.ts'
import { type Connection, isIdle, openRequests } from './connections.ts'
import type { Listeners } from './listeners.ts'
import { sayGoodbye } from './websocket-close.ts'

export type DrainOptions = {
  readonly doors: Pick<Listeners, 'close' | 'handshaking'>
  readonly connections: ReadonlyMap<Socket, Connection>
  /** How long an idle connection is still listened to, in milliseconds. */
  readonly idleMs: number
}

/**
 * Resolves when no connection is left, with what was cut. A second call can only bring the end nearer, and is not told
 * again what was cut: several have a reason to end a worker, and its log says it once.
 */
export type Drain = (order: DrainOrder) => Promise<readonly OpenRequest[]>

/** The pause between two looks at the connections. */
const pauseMs = 20

/**
 * Ends all connections without losing an answer. Whoever is owed one gets it. An idle connection is kept for a while,
 * because a proxy may be writing the next request to it this very moment; it is safe to close once the proxy would have
 * closed it itself. A connection that was accepted and has sent nothing yet is such an idle one.
 */
export function createDrain({ doors, connections, idleMs }: DrainOptions): Drain {
  let end = Number.POSITIVE_INFINITY
  let over: Promise<readonly OpenRequest[]> | undefined
  const begin = async ({ graceMs, acceptWaiting }: DrainOrder): Promise<readonly OpenRequest[]> => {
    const begun = performance.now()
    let accepting = true
    void doors.close(acceptWaiting ? graceMs : 0).then(() => {
      accepting = false
    })
    const unanswered: OpenRequest[] = []
    while (accepting || connections.size > 0 || doors.handshaking.length > 0) {
      await turn(Math.min(pauseMs, Math.max(0, end - performance.now())))
      const now = performance.now()
      if (now < end) closeIdle(doors, connections, { begun, now, idleMs })
      else unanswered.push(...cut(doors, connections, now))
    }
    return unanswered
  }
  return (order) => {
    end = Math.min(end, performance.now() + order.graceMs)
    if (over !== undefined) return over.then(() => [])
    over = begin(order)
    return over
  }
}

/**
 * Resolves right after the event loop has read what had arrived: a connection that looks idle then was idle, however
 * long the application kept the loop busy before.
 */
function turn(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(() => setImmediate(resolve), ms))
}

type Moment = { readonly begun: number; readonly now: number; readonly idleMs: number }

function closeIdle(
  doors: DrainOptions['doors'],
  connections: ReadonlyMap<Socket, Connection>,
  { begun, now, idleMs }: Moment,
): void {
  for (const [socket, accepted] of doors.handshaking) if (now - Math.max(accepted, begun) >= idleMs) socket.destroy()
  for (const connection of connections.values()) {
    sayGoodbye(connection)
    if (connection.session !== null) {
      connection.session.close()
      continue
    }
    if (connection.socket.writableEnded || !isIdle(connection)) {
      connection.idleSince = null
      continue
    }
    connection.idleSince ??= now
    if (now - connection.idleSince < idleMs) continue
    connection.closing = true
    closeGently(connection.socket)
  }
}

function cut(
  doors: DrainOptions['doors'],
  connections: ReadonlyMap<Socket, Connection>,
  now: number,
): readonly OpenRequest[] {
  const unanswered = openRequests(connections.values(), now)
  void doors.close(0)
  for (const [socket] of doors.handshaking) socket.destroy()
  for (const socket of connections.keys()) socket.destroy()
  return unanswered
}
