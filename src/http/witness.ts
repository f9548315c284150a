import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Connection } from './connections.ts'

/** How a request ended: answered in full, left by its client, or refused before the application saw it. */
export type Outcome = 'complete' | 'aborted' | 'refused'

/** What one onlooker keeps of one request. */
export type Testimony = {
  /** Told once, when nothing more of the answer will come, with the status of who was told one past the answer. */
  readonly end: (outcome: Outcome, told?: number) => void
}

/** Looks on at every request, for a log, for metrics, or for hooks. Where nobody does, requests pay nothing for it. */
export type Witness = {
  /** A request has come in and its client is known; the application has not seen it yet. */
  readonly begin: (request: IncomingMessage, response: ServerResponse, connection: Connection) => Testimony
  /** An application has taken the connection over; its end is that of the connection. */
  readonly upgrade: (request: IncomingMessage, socket: Socket, connection: Connection) => Testimony
  /** It was answered with this status outside of any exchange: no request, or one to take the connection over. */
  readonly refuse: (status: number, connection: Connection, request: IncomingMessage | null) => void
}

/** Several as one; null for none. */
export function allOf(witnesses: readonly Witness[]): Witness | null {
  const [only, ...others] = witnesses
  if (only === undefined || others.length === 0) return only ?? null
  return {
    begin: (...seen) => together(witnesses.map((witness) => witness.begin(...seen))),
    upgrade: (...seen) => together(witnesses.map((witness) => witness.upgrade(...seen))),
    refuse: (...seen) => {
      for (const witness of witnesses) witness.refuse(...seen)
    },
  }
}

function together(testimonies: readonly Testimony[]): Testimony {
  return {
    end: (outcome, told) => {
      for (const testimony of testimonies) testimony.end(outcome, told)
    },
  }
}
