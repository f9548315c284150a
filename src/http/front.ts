import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { ListenerInfo } from '../contract/listeners.ts'
import type { ServingUnit } from '../contract/serving.ts'
import type { Logger } from '../log/logger.ts'
import { createAcceptor } from './acceptor.ts'
import { type BalancerSettings, balancersIn } from './balancers.ts'
import { behind } from './client-socket.ts'
import { createClock } from './clock.ts'
import { type Connection, openRequests } from './connections.ts'
import { createCrowd } from './crowd.ts'
import { declineUpgrades } from './decline-upgrade.ts'
import { watchDescriptors } from './descriptors.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { createDrain } from './drain.ts'
import { listenForRest } from './gate.ts'
import type { createStreams, Http2Settings } from './h2/streams.ts'
import { arrivalOf, interceptEvents } from './intercept.ts'
import { type LimitSettings, type Limits, limitsOf } from './limits.ts'
import { Listeners } from './listeners.ts'
import { type NodeTimes, setNodeTimeouts } from './node-timeouts.ts'
import type { Probe } from './probe.ts'
import { createRefusalLog } from './refusal-log.ts'
import { keepTime, type TimeLimits } from './time-limits.ts'
import type { Tls } from './tls.ts'
import { trustIn } from './trust.ts'
import { Turnstile } from './turnstile.ts'
import { withholdHints } from './withhold-hints.ts'
import type { Witness } from './witness.ts'

export type FrontSettings = BalancerSettings &
  Http2Settings &
  LimitSettings &
  NodeTimes &
  TimeLimits & {
    readonly backlog: number
    readonly workerConnections: number
    readonly drainIdle: number
    readonly earlyHints: 'direct' | 'always'
    readonly forwardedAllowIps: readonly string[]
  }

export type FrontOptions = {
  /** The application's server: every connection and request passes the front door on its way to its listeners. */
  readonly server: Server
  readonly listeners: readonly ListenerInfo[]
  readonly settings: FrontSettings
  readonly tls: Tls | null
  /** What speaks HTTP/2; null where it is not spoken. */
  readonly http2: typeof createStreams | null
  readonly probe: Probe | null
  /** Answers requests for the server's own status; null where it has no path. */
  readonly status?: Probe['answer'] | null
  /** Who looks on at every request; null for nobody. */
  readonly witness: Witness | null
  readonly log: Logger
  /** Whether the application gets one request at a time, while the others wait at the socket. */
  readonly oneAtATime?: boolean
}

export type Front = ServingUnit

/** Puts the front door before an application's server. Nothing is accepted until `listenOn`. */
export function createFront(options: FrontOptions): Front {
  const { server, settings, probe, status = null, witness, log } = options
  const [trust, limits] = [trustIn(settings.forwardedAllowIps), limitsOf(settings)]
  const clock = createClock(() => doorkeeper.connections.size > 0)
  const refusalLog = createRefusalLog({ write: log.info, clock, later: callLater })
  const doorkeeper: Doorkeeper = new Doorkeeper({ trust, probe, status, clock, limits, refusalLog, witness })
  const { doors, turnstile } = openDoors(options, doorkeeper)
  setNodeTimeouts(server, settings)
  keepTime({ connections: doorkeeper.connections, limits: settings, log })
  leaveLimitsToUs(server, limits)
  if (settings.earlyHints === 'direct') withholdHints()
  interceptEvents(server, doorkeeper, turnstile)
  listenForRest(server, doorkeeper.gate, ({ socket }) => doorkeeper.connections.get(behind(socket)))
  if (probe?.wantsUpgrades) declineUpgrades(server)
  // A connection that is kept is bound to this worker: its next request would wait although others are free.
  if (turnstile !== null) doorkeeper.beginClosing()
  const { connections } = doorkeeper
  const drain = createDrain({ doors: turnstile ?? doors, connections, idleMs: settings.drainIdle })
  return {
    listenOn: (indices) => doors.listenOn(indices),
    drain: (order) => {
      doorkeeper.beginClosing()
      return drain(order)
    },
    stats: () => doorkeeper.stats,
    inFlight: () => openRequests(connections.values(), performance.now()),
  }
}

function openDoors(options: FrontOptions, doorkeeper: Doorkeeper) {
  const { server, listeners, settings, tls, http2, log, oneAtATime = false } = options
  const { connections, gate } = doorkeeper
  const arrival = arrivalOf(server)
  const admit = (socket: Socket): Connection => doorkeeper.admit(socket)
  const streams = http2?.({ server, admit, settings })
  const onError = (error: Error): void => crowd.failed(error)
  const balancers = balancersIn(settings, log)
  const onAccept = (socket: Socket): void => {
    turnstile?.accepted()
    crowd.entered(socket)
  }
  const onConnection = (socket: Socket | TLSSocket): void => {
    turnstile?.connected(socket)
    if (streams !== undefined && 'alpnProtocol' in socket && socket.alpnProtocol === 'h2') streams(socket)
    else server.emit(arrival, socket)
  }
  const { backlog } = settings
  const doors = new Listeners({
    fds: listeners.map(({ fd }) => fd),
    createAcceptor: (accepted) =>
      createAcceptor({
        ...{ backlog, tls, balancers, onConnection, onError },
        onAccept: (socket) => {
          accepted()
          onAccept(socket)
        },
      }),
  })
  const turnstile = oneAtATime ? new Turnstile(doors, onError) : null
  const crowd = createCrowd({
    ...{ doors, connections, most: settings.workerConnections, descriptors: watchDescriptors() },
    ...{ showOut: gate.showOut, onError: complainOfAccepting(log), log },
  })
  return { doors, turnstile }
}

function callLater(act: () => void, ms: number): void {
  setTimeout(act, ms).unref()
}

/** What node:http does about these is to drop fields in silence, to answer in the wrong order, or to be lenient. */
function leaveLimitsToUs(server: Server, limits: Limits): void {
  server.maxHeadersCount = Number.isFinite(limits.fields) ? limits.fields + 1 : 0
  Object.assign(server, { maxHeaderSize: limits.head, requireHostHeader: false, insecureHTTPParser: false })
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
