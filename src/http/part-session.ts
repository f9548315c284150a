import type { Connection, Session } from './connections.ts'

/** The longest between the notice and the end, in milliseconds: time for what the client sent before it heard of it. */
const noticeMs = 1000

type Moment = { readonly now: number; readonly idleMs: number }

/**
 * Ends HTTP/2 in the two steps that RFC 9113, 6.8, recommends: a notice first, and then word of which stream was the
 * last one. What the client sends after that, it knows not to have been carried out, so nothing is lost.
 */
export function partSession(connection: Connection, session: Session, { now, idleMs }: Moment): void {
  if (connection.idleSince === null) {
    connection.idleSince = now
    session.giveNotice()
  }
  if (now - connection.idleSince >= Math.min(idleMs, noticeMs)) session.close()
}
