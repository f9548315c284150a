import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { admit } from './admit.ts'
import { closeGently } from './close-gently.ts'
import type { Connection, Exchange } from './connections.ts'
import { answerExpectations } from './expectations.ts'
import { type Finding, inspect, plain } from './inspect.ts'
import type { Limits } from './limits.ts'
import { type ParseError, refusalOf } from './parse-error.ts'
import type { RefusalLog } from './refusal-log.ts'
import { type Refusal, refusals } from './refusals.ts'
import { answerRefusal, discardRest } from './refuse.ts'
import { requestInArrears, turnAway } from './turn-away.ts'
import type { Witness } from './witness.ts'

export type Gate = {
  /** Whether the application is to see a request. One that it is not to see is answered. */
  readonly passes: (connection: Connection, exchange: Exchange) => boolean
  /** The same for one that asks for another protocol: no answer object exists for it. */
  readonly passesUpgrade: (connection: Connection, request: IncomingMessage) => boolean
  /** Refuses a request that the application has not seen. */
  readonly refuse: (connection: Connection, exchange: Pick<Exchange, 'request' | 'response'>, refusal: Refusal) => void
  /** Refuses all that a connection may still bring. */
  readonly refuseRest: (connection: Connection, request: IncomingMessage | null, refusal: Refusal) => void
  /** Closes a connection on which no request is open, to make room for others. */
  readonly showOut: (connection: Connection, begun: boolean) => void
  readonly broken: (connection: Connection, error: ParseError) => void
}

export type GateOptions = {
  readonly limits: Limits
  readonly log: RefusalLog
  readonly witness: Witness | null
  /** Has the socket of a request answer with its client, for the logs. */
  readonly tellClient: (connection: Connection, request: IncomingMessage) => void
}

/** Decides who comes in, and tells the logs of those who do not. */
export function createGate({ limits, log, witness, tellClient }: GateOptions): Gate {
  const tell = tellWith({ log, witness, tellClient })
  const refuse: Gate['refuse'] = (connection, { request, response }, refusal) => {
    tell(connection, request, refusal)
    if (connection.session !== null) return answerRefusal(response, refusal)
    connection.closing = true
    answerRefusal(response, refusal)
    discardRest(connection.socket)
  }
  const refuseBody = (connection: Connection, { request }: Exchange, refusal: Refusal): void => {
    tell(connection, request, refusal)
    if (connection.session === null) turnAway(connection, refusal, request)
    else connection.session.refuse(request, refusal)
  }
  const passesUsually = (connection: Connection, exchange: Exchange, finding: Finding): boolean => {
    if (finding.refusal === null) admit(connection, exchange, finding, { limits, onOffence: refuseBody })
    else refuse(connection, exchange, finding.refusal)
    return finding.refusal === null
  }
  return {
    refuse,
    passes: (connection, exchange) => {
      const finding = connection.session?.inspect(exchange.request, limits) ?? inspect(exchange.request, limits)
      return finding === plain || passesUsually(connection, exchange, finding)
    },
    passesUpgrade: (connection, request) => {
      if (connection.closing) closeGently(connection.socket)
      if (connection.closing) return false
      const refusal = connection.exchanges.length > 0 ? refusals.upgradeBehind : inspect(request, limits).refusal
      if (refusal === null) return true
      tell(connection, request, refusal)
      turnAway(connection, refusal, null)
      return false
    },
    refuseRest: (connection, request, refusal) => {
      tell(connection, request, refusal)
      turnAway(connection, refusal, null)
    },
    showOut: (connection, begun) => showOut(connection, begun ? () => tell(connection, null, refusals.crowded) : null),
    broken: (connection, error) => {
      const end = endingOf(connection, error)
      if (end === null) return
      if (end === 'gone') return void connection.socket.destroy()
      // Who goes away in the middle of an upload has not been refused.
      const isLeaving = end.refusal === refusals.incomplete && end.request !== null
      if (end.refusal !== null && !isLeaving) tell(connection, end.request, end.refusal)
      turnAway(connection, end.refusal, end.request)
    },
  }
}

function showOut(connection: Connection, tell: (() => void) | null): void {
  if (connection.session !== null) return connection.session.close()
  tell?.()
  turnAway(connection, tell === null ? null : refusals.crowded, null)
}

type Tell = (connection: Connection, request: IncomingMessage | null, refusal: Refusal) => void

/** Tells the log why, and those who look on that it was refused. */
function tellWith({ log, witness, tellClient }: Omit<GateOptions, 'limits'>): Tell {
  const refuseAlone: Tell = (connection, request, { status }) => {
    // What could have been taken over is looked at already, and what is looked at is told once.
    if (connection.upgrade === null) witness?.refuse(status, connection, request)
    else connection.upgrade.refused = true
  }
  return (connection: Connection, request: IncomingMessage | null, refusal: Refusal): void => {
    if (request !== null) tellClient(connection, request)
    const { method, url } = request ?? {}
    const client = (request ?? connection).socket.remoteAddress
    log.tell(refusal, { client, ...(method === undefined ? {} : { method }), ...(url === undefined ? {} : { url }) })
    const exchange = connection.exchanges.find((open) => open.request === request)
    if (exchange === undefined) return refuseAlone(connection, request, refusal)
    exchange.refused = true
    exchange.testimony ??= witness?.begin(exchange.request, exchange.response, connection) ?? null
    if (!exchange.response.headersSent) exchange.response.statusCode = refusal.status
  }
}

type Ending = { readonly refusal: Refusal | null; readonly request: IncomingMessage | null }

/** How a connection ends on which the parser has stopped; null when it is about to end already. */
function endingOf(connection: Connection, error: ParseError): Ending | 'gone' | null {
  if (connection.lastWords !== null || connection.socket.writableEnded) return null
  if (connection.exchanges.at(-1)?.refused === true) return null
  const nothingOwed = { refusal: null, request: null }
  // What follows a request that said `Connection: close` is no request, and the answer to that one closes the connection.
  if (error.code === 'HPE_CLOSED_CONNECTION') return nothingOwed
  const refusal = refusalOf(error)
  if (refusal === null) return 'gone'
  const request = requestInArrears(connection)
  if (request === 'answered' || (request === null && connection.closing)) return nothingOwed
  return { refusal, request }
}

type Find = (request: IncomingMessage) => Connection | undefined

/** Listens where node:http would answer, or hang up, by itself as long as nobody listens. */
export function listenForRest(server: Server, gate: Gate, find: Find): void {
  answerExpectations(server, (request: IncomingMessage, response: ServerResponse, refusal: Refusal) => {
    const connection = find(request)
    if (connection !== undefined) gate.refuse(connection, { request, response }, refusal)
  })
  server.on('connect', (request) => {
    const connection = find(request)
    if (server.listenerCount('connect') === 1 && connection !== undefined)
      gate.refuseRest(connection, request, refusals.connect)
  })
}
