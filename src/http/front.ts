import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { ListenerInfo } from '../contract/listeners.ts'
import type { Logger } from '../log/logger.ts'
import { type Acceptor, createAcceptor } from './acceptor.ts'
import { type BalancerSettings, balancersIn } from './balancers.ts'
import { startClock } from './clock.ts'
import { type OpenRequest, openRequests } from './connections.ts'
import { declineUpgrades } from './decline-upgrade.ts'
import { Doorkeeper, type FrontStats } from './doorkeeper.ts'
import { createDrain, type DrainOrder } from './drain.ts'
import { arrivalOf, interceptEvents } from './intercept.ts'
import { Listeners } from './listeners.ts'
import type { Probe } from './probe.ts'
import type { Certificate } from './reception.ts'
import { trustIn } from './trust.ts'
import type { Witness } from './witness.ts'

export type FrontSettings = BalancerSettings & {
  readonly backlog: number
  readonly keepAlive: number
  readonly drainIdle: number
  readonly forwardedAllowIps: readonly string[]
}

export type FrontOptions = {
  /** The application's server: every connection and request passes the front door on its way to its listeners. */
  readonly server: Server
  readonly listeners: readonly ListenerInfo[]
  readonly settings: FrontSettings
  readonly certificate: Certificate | null
  readonly probe: Probe | null
  /** Who looks on at every request; null for nobody. */
  readonly witness: Witness | null
  /** Another descriptor for the same listening socket, so that one can be let go of and taken again. */
  readonly duplicate: (fd: number) => number
  readonly log: Logger
}

export type Front = {
  /** Accepts connections on exactly these listeners, by index. Rejects when one cannot be listened on. */
  readonly listenOn: (indices: readonly number[]) => Promise<void>
  /** Ends everything that is open. A second call can only bring the end nearer. Resolves when no connection is left. */
  readonly drain: (order: DrainOrder) => Promise<readonly OpenRequest[]>
  readonly stats: () => FrontStats
  /** Requests whose answer is not complete. */
  readonly inFlight: () => readonly OpenRequest[]
}

/** Puts the front door before an application's server. Nothing is accepted until `listenOn`. */
export function createFront(options: FrontOptions): Front {
  const { server, listeners, settings, certificate, probe, witness, duplicate, log } = options
  const trust = trustIn(settings.forwardedAllowIps)
  const doorkeeper = new Doorkeeper({ trust, probe, clock: startClock(), witness })
  const arrival = arrivalOf(server)
  const onConnection = (socket: Socket): void => void server.emit(arrival, socket)
  const onError = complainOfAccepting(log)
  const balancers = balancersIn(settings, log)
  const { backlog } = settings
  const acceptor = (): Acceptor =>
    createAcceptor({ backlog, certificate, balancers, onAccept: () => {}, onConnection, onError })
  const doors = new Listeners({ fds: listeners.map(({ fd }) => fd), createAcceptor: acceptor, duplicate, onError })
  setTimeouts(server, settings.keepAlive)
  interceptEvents(server, doorkeeper)
  if (probe !== null) declineUpgrades(server)
  const drain = createDrain({ doors, connections: doorkeeper.connections, idleMs: settings.drainIdle })
  return {
    listenOn: (indices) => doors.listenOn(indices),
    drain: (order) => {
      doorkeeper.beginClosing()
      return drain(order)
    },
    stats: () => doorkeeper.stats,
    inFlight: () => openRequests(doorkeeper.connections.values(), performance.now()),
  }
}

/**
 * Node's own limits, said out loud: the time for a head must be longer than that for an idle connection. How long a
 * whole request may take stays as the application has it, or Node: five minutes.
 */
function setTimeouts(server: Server, keepAlive: number): void {
  server.keepAliveTimeout = keepAlive
  server.headersTimeout = Math.max(server.headersTimeout, keepAlive + 1000)
}

/** How long nothing more is said of the same trouble, in milliseconds: thousands of connections may meet it at once. */
const silenceMs = 10_000

function complainOfAccepting(log: Logger): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY
  return (err) => {
    if (performance.now() - last < silenceMs) return
    last = performance.now()
    log.error({ event: 'front.cannot-accept', err }, `connections cannot be accepted: ${err.message}`)
  }
}
