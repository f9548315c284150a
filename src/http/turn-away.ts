import type { IncomingMessage } from 'node:http'
import { closeGently } from './close-gently.ts'
import type { Connection } from './connections.ts'
import type { Refusal } from './refusals.ts'
import { discardRest, writeRefusal } from './refuse.ts'

/** The last words on a connection, which wait until the answers to earlier requests are out (RFC 9112, 9.3.2). */
export type LastWords = {
  /** Null where nothing is owed: the request is answered already, or there is none. */
  readonly refusal: Refusal | null
  /** The request in whose body the offence is; its answer, if there is none yet, is the refusal. */
  readonly request: IncomingMessage | null
  said: boolean
}

/** Reads no more of a connection, answers what is owed, and closes it. */
export function turnAway(connection: Connection, refusal: Refusal | null, request: IncomingMessage | null): void {
  connection.closing = true
  connection.lastWords = { refusal, request, said: false }
  discardRest(connection.socket)
  sayLastWords(connection)
}

/** Says them when it is their turn; called again whenever an answer is out. */
export function sayLastWords({ lastWords, exchanges, socket }: Connection): void {
  if (lastWords === null || lastWords.said) return
  const { refusal, request } = lastWords
  const last = exchanges.at(-1)
  const own = request !== null && last?.request === request ? last : null
  if (exchanges.length > (own === null ? 0 : 1)) return
  lastWords.said = true
  const isAnswered = request !== null && own === null
  if (refusal === null || isAnswered) closeGently(socket)
  else if (own?.response.headersSent === true) socket.destroy()
  else {
    if (own !== null) own.told = refusal.status
    writeRefusal(socket, refusal)
  }
}

/**
 * The request in whose body the parser has stopped: the latest one, if it is still arriving. `unread` tells of one whose
 * answer is out already.
 */
export function requestInArrears({ exchanges, unread }: Connection): IncomingMessage | 'answered' | null {
  const last = exchanges.at(-1)?.request
  if (last !== undefined && !last.complete) return last
  return unread > 0 ? 'answered' : null
}
