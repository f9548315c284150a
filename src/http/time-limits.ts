import type { Socket } from 'node:net'
import type { Logger } from '../log/logger.ts'
import type { Connection, Exchange } from './connections.ts'
import { endOverdue } from './end-overdue.ts'
import { pathOf } from './path-of.ts'
import { idOf } from './request-id.ts'
import { queueOf, takenOf } from './write-queue.ts'

export type TimeLimits = {
  /** Longest pause of the application, from the complete request on; 0 is no limit. In milliseconds, as all here. */
  readonly requestTimeout: number
  /** Longest pause of a client within a body; 0 is no limit. */
  readonly bodyTimeout: number
  /** Longest time in which a client takes nothing of its answer; 0 is no limit. */
  readonly sendTimeout: number
}

export type TimeKeeper = {
  readonly connections: ReadonlyMap<Socket, Connection>
  readonly limits: TimeLimits
  readonly log: Logger
}

/** What was last seen of a connection with something to do, and since when nothing has moved. */
type Sight = {
  exchange: Exchange | undefined
  written: number
  queued: number
  heard: number
  since: number
  taken: number
  takenSince: number
}

type Still = {
  /** Milliseconds for which nothing has moved. */
  readonly still: number
  /** Milliseconds for which the client has taken nothing although there was something. */
  readonly deaf: number
}

const longestPause = 1000

/** Looks at the connections again and again, and ends what makes no progress. Where nothing is limited, nothing is looked at. */
export function keepTime({ connections, limits, log }: TimeKeeper): void {
  const shortest = Math.min(...[limits.requestTimeout, limits.bodyTimeout, limits.sendTimeout].filter((ms) => ms > 0))
  if (shortest === Number.POSITIVE_INFINITY) return
  const pause = Math.min(longestPause, shortest / 5)
  const sights = new WeakMap<Connection, Sight>()
  let time = 0
  let last = performance.now()
  const look = (): void => {
    const now = performance.now()
    // While the event loop stood still nobody could be heard, so that does not count.
    time += Math.min(now - last, 2 * pause)
    last = now
    for (const connection of connections.values()) {
      if (connection.upgrade !== null || isDone(connection)) continue
      const status = judge(connection, limits, sight(sights, connection, time))
      if (status === null) continue
      if (status === 'cut') {
        connection.socket.destroy()
        continue
      }
      const [exchange] = connection.exchanges
      if (status === 503 && exchange !== undefined) complain(log, exchange, { now, limit: limits.requestTimeout })
      endOverdue(connection, status)
    }
  }
  // Right after the event loop has read what had arrived.
  setInterval(() => setImmediate(look), pause).unref()
}

function isDone({ exchanges, unread, socket }: Connection): boolean {
  return (exchanges.length === 0 && unread === 0) || socket.writableEnded || socket.destroyed
}

function sight(sights: WeakMap<Connection, Sight>, connection: Connection, time: number): Still {
  const { socket, exchanges } = connection
  const [exchange] = exchanges
  const before = sights.get(connection)
  const [written, queued, taken] = [socket.bytesWritten, queueOf(socket), takenOf(socket)]
  const heard = exchange?.request.complete === true ? -1 : socket.bytesRead
  const still =
    before !== undefined &&
    before.exchange === exchange &&
    before.written === written &&
    before.queued === queued &&
    before.heard === heard
  const since = still ? before.since : time
  const takenSince = before !== undefined && queued > 0 && before.taken === taken ? before.takenSince : time
  sights.set(connection, { exchange, written, queued, heard, since, taken, takenSince })
  return { still: time - since, deaf: time - takenSince }
}

/** The status to end it with, or null; one that takes no answer is not given another. What is waited for decides whose time it is. */
function judge(connection: Connection, limits: TimeLimits, { still, deaf }: Still): 503 | 408 | 'cut' | null {
  const { requestTimeout, bodyTimeout, sendTimeout } = limits
  const [exchange] = connection.exchanges
  // A proxy that buffers may take nothing for hours, while its client downloads what it has.
  if (sendTimeout > 0 && deaf >= sendTimeout && !connection.trusted) return 'cut'
  if (exchange === undefined || waitsForClient(exchange)) return bodyTimeout > 0 && still >= bodyTimeout ? 408 : null
  return requestTimeout > 0 && still >= requestTimeout ? 503 : null
}

/** Whether the next thing to come is a part of the body, and nothing keeps the client from sending it. */
function waitsForClient({ request, response }: Exchange): boolean {
  if (request.complete || request.destroyed) return false
  // A client that expects 100 waits until it is told to go on.
  if (request.headers.expect !== undefined && Reflect.get(response, '_sent100') !== true) return false
  return request.readableLength < request.readableHighWaterMark
}

function complain(log: Logger, { request, begun }: Exchange, { now, limit }: { now: number; limit: number }): void {
  const [method, path, requestId] = [request.method, pathOf(request.url), idOf(request)]
  const what = `${method} ${path} (id ${requestId})`
  const age = `${((now - begun) / 1000).toFixed(1)} s`
  const message = `${what} made no progress for ${limit / 1000} s (--request-timeout) and was ended after ${age}`
  log.warning({ event: 'request.timeout', method, path, requestId, ageMs: Math.round(now - begun) }, message)
}
