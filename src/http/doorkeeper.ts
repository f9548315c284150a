import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ServingStats } from '../contract/serving.ts'
import { announceClose } from './announce-close.ts'
import { isAnnounced, isTrusted } from './announced.ts'
import { tellClient } from './client-address.ts'
import { behind, unveil } from './client-socket.ts'
import type { Clock } from './clock.ts'
import { closeGently } from './close-gently.ts'
import { type Connection, type Exchange, endExchange, newConnection, testify } from './connections.ts'
import { createGate, type Gate } from './gate.ts'
import type { Door } from './intercept.ts'
import type { Limits } from './limits.ts'
import type { ParseError } from './parse-error.ts'
import { holdPipeline, letGoOfPipeline } from './pipeline.ts'
import type { Probe } from './probe.ts'
import type { RefusalLog } from './refusal-log.ts'
import { refusals } from './refusals.ts'
import { identify } from './request-id.ts'
import type { Trust } from './trust.ts'
import { sayLastWords } from './turn-away.ts'
import { unbufferEvents } from './unbuffer-events.ts'
import { upgradeOf } from './websocket-close.ts'
import type { Witness } from './witness.ts'

export type DoorkeeperOptions = {
  readonly trust: Trust
  readonly probe: Probe | null
  readonly status?: Probe['answer'] | null
  readonly clock: Clock
  readonly limits: Limits
  readonly refusalLog: RefusalLog
  /** Who looks on; null for nobody. */
  readonly witness: Witness | null
}

/** Knows who is inside, says who they are, and turns away what the application must not see. */
export class Doorkeeper implements Door {
  readonly #connections = new Map<Socket, Connection>()
  readonly #trust: Trust
  readonly #probe: Probe | null
  readonly #status: Probe['answer'] | null
  readonly #clock: Clock
  readonly #witness: Witness | null
  readonly gate: Gate
  #requests = 0
  #inFlight = 0
  #closing = false

  constructor({ trust, probe, status = null, clock, limits, refusalLog, witness }: DoorkeeperOptions) {
    this.#trust = trust
    this.#probe = probe
    this.#status = status
    this.#clock = clock
    this.#witness = witness
    const tell = (connection: Connection, request: IncomingMessage): void => void tellClient(connection, request, trust)
    this.gate = createGate({ limits, log: refusalLog, witness, tellClient: tell })
  }

  get connections(): ReadonlyMap<Socket, Connection> {
    return this.#connections
  }

  get stats(): ServingStats {
    return { requests: this.#requests, inFlight: this.#inFlight, connections: this.#connections.size }
  }

  arrived(socket: Socket): void {
    this.admit(socket)
    // This is how node:http ends a connection after an answer that says `Connection: close`.
    socket.destroySoon = () => closeGently(socket)
  }

  /** Takes note of a new connection. */
  admit(socket: Socket): Connection {
    this.#clock.wind()
    const connection = newConnection(socket, isTrusted(socket, this.#trust))
    if (isAnnounced(socket)) unveil(connection)
    if (connection.trusted) unbufferEvents(socket)
    this.#connections.set(socket, connection)
    socket.once('close', () => this.#left(connection))
    if (this.#closing) prepareToClose(connection)
    return connection
  }

  requested(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#find(request.socket)
    // An application that answers `Expect` by itself hands the same request to its listeners a second time.
    if (connection === undefined || connection.exchanges.at(-1)?.request === request) return true
    if (connection.closing) return false
    const exchange: Exchange = { request, response, begun: this.#clock.now, testimony: null, refused: false }
    connection.exchanges.push(exchange)
    this.#requests += 1
    this.#inFlight += 1
    response.on('close', this.#answered)
    if (this.#closing && connection.session === null) announceClose(connection, response)
    if (connection.exchanges.length > 1 && connection.session === null) holdPipeline(connection)
    if (!this.gate.passes(connection, exchange)) return false
    if (!tellClient(connection, request, this.#trust)) {
      this.gate.refuse(connection, exchange, refusals.scheme)
      return false
    }
    identify(request)
    if (this.#probe?.answer(request, response)) return false
    if (this.#status?.(request, response)) {
      // Whoever looks every second would have the worker replaced by --max-requests.
      this.#requests -= 1
      return false
    }
    if (this.#witness !== null) exchange.testimony = this.#witness.begin(request, response, connection)
    return true
  }

  /** Whatever becomes of the process after this error, this client need not wait for it. */
  failed(response: ServerResponse): void {
    if (response.headersSent) response.destroy()
    else response.writeHead(500, { 'Content-Type': 'text/plain', Connection: 'close' }).end('Internal Server Error\n')
  }

  upgraded(request: IncomingMessage, socket: Socket, head: Buffer): boolean {
    const connection = this.#connections.get(socket)
    if (connection === undefined) return true
    if (!this.gate.passesUpgrade(connection, request)) return false
    this.#requests += 1
    if (!tellClient(connection, request, this.#trust)) {
      this.gate.refuseRest(connection, request, refusals.scheme)
      return false
    }
    identify(request)
    if (this.#probe?.upgrade(request, socket, head)) return false
    connection.upgrade = upgradeOf(request, socket, this.#witness?.upgrade(request, socket, connection) ?? null)
    return true
  }

  broken(error: ParseError, socket: Socket): void {
    const connection = this.#connections.get(socket)
    if (connection === undefined) socket.destroy()
    else this.gate.broken(connection, error)
  }

  /** From now on every answer is the last one of its connection. */
  beginClosing(): void {
    if (this.#closing) return
    this.#closing = true
    for (const connection of this.#connections.values()) prepareToClose(connection)
  }

  /** A request may have a stream, or a view of the socket, in the place of the socket. */
  #find(socket: Socket): Connection | undefined {
    return this.#connections.get(socket) ?? this.#connections.get(behind(socket))
  }

  // One function for all answers: `this` is the answer, as node:events has it.
  readonly #answered = ((keeper: Doorkeeper) =>
    function (this: ServerResponse): void {
      const connection = keeper.#find(this.req.socket)
      if (connection === undefined || !endExchange(connection, this)) return
      keeper.#inFlight -= 1
      if (connection.lastWords !== null) sayLastWords(connection)
      if (connection.held === 'yes') letGoOfPipeline(connection)
    })(this)

  /** Answers that wait behind another one never hear that their connection is gone, so it is said here for all. */
  #left(connection: Connection): void {
    this.#connections.delete(connection.socket)
    this.#inFlight -= connection.exchanges.length
    for (const exchange of connection.exchanges.splice(0)) testify(exchange)
    endUpgrade(connection)
  }
}

function endUpgrade({ upgrade, socket }: Connection): void {
  const outcome = socket.errored === null ? 'complete' : 'aborted'
  upgrade?.testimony?.end(upgrade.refused ? 'refused' : outcome)
}

function prepareToClose(connection: Connection): void {
  if (connection.session !== null) return
  for (const { response } of connection.exchanges) announceClose(connection, response)
}
