import type { Socket } from 'node:net'
import type { Logger } from '../log/logger.ts'
import { type Connection, isIdle } from './connections.ts'
import { type Descriptors, isExhausted } from './descriptors.ts'
import type { Listeners } from './listeners.ts'

export type CrowdOptions = {
  readonly doors: Pick<Listeners, 'pause' | 'resume'>
  readonly connections: ReadonlyMap<Socket, Connection>
  /** How many connections may be open at a time. */
  readonly most: number
  readonly descriptors: Descriptors
  /** Closes a connection that makes room; `begun` when part of a request has come. */
  readonly showOut: (connection: Connection, begun: boolean) => void
  readonly onError: (error: Error) => void
  readonly log: Logger
}

export type Crowd = {
  /** A connection was accepted this moment. */
  readonly entered: (socket: Socket) => void
  /** Accepting has failed: nothing is accepted for a while, since it would fail again at once. */
  readonly failed: (error: Error) => void
}

/** Why nothing is accepted. */
type Reason = 'connections' | 'descriptors' | 'error'

/** How often it is seen to while nothing is accepted, and else, in milliseconds. */
const [busyMs, calmMs] = [100, 1000] as const
/** How long a connection may wait for its request while others wait to be accepted, in milliseconds. */
const patienceMs = 2000
/** How long nothing more is said of the same trouble, in milliseconds. */
const silenceMs = 10_000

/**
 * Accepts no more than there is room for: the others wait in the queue of the socket, where no one is turned away. Who
 * has come and sends no request makes room for those who wait.
 */
export function createCrowd({ doors, most, descriptors, onError, ...options }: CrowdOptions): Crowd {
  const resumeAt = most - Math.ceil(most / 20)
  const makeRoom = roomMaker({ ...options, most })
  const say = complainer(options.log, most)
  let inside = 0
  let full: Reason | null = null
  const close = (reason: Reason): void => {
    if (full !== null) return
    full = reason
    doors.pause('full')
    if (reason !== 'error') say(reason)
    // Right after the event loop has read what had arrived.
    setTimeout(setImmediate, busyMs, look).unref()
  }
  const failed = (error: Error): void => {
    if (!isExhausted(error)) onError(error)
    close(isExhausted(error) ? 'descriptors' : 'error')
  }
  const open = (): void => {
    full = null
    doors.resume('full').catch(failed)
  }
  const look = (): void => {
    if (full === null) return
    if (inside <= resumeAt && !descriptors.areScarce()) return open()
    makeRoom(performance.now())
    setTimeout(setImmediate, busyMs, look).unref()
  }
  setInterval(() => {
    if (full === null && descriptors.areScarce()) close('descriptors')
  }, calmMs).unref()
  return {
    failed,
    entered: (socket) => {
      inside += 1
      socket.once('close', () => {
        inside -= 1
        if (full === 'connections' && inside <= resumeAt) open()
      })
      if (inside >= most) close('connections')
      else if (descriptors.isLate(fdOf(socket))) close('descriptors')
    },
  }
}

function fdOf(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle')
  const fd: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'fd') : -1
  return typeof fd === 'number' ? fd : -1
}

type RoomOptions = Pick<CrowdOptions, 'connections' | 'most' | 'showOut'>

/**
 * A proxy's kept connections are spared, because the proxy may be writing the next request to one this very moment.
 * `bytesWhenIdle` changes with each request, so it tells whether a connection still waits for the same one.
 */
function roomMaker({ connections, most, showOut }: RoomOptions): (time: number) => void {
  let waiting = new Map<Connection, { readonly mark: number; readonly since: number }>()
  let [heard, last] = [0, 0]
  return (time) => {
    // While the event loop stood still nobody could be heard, so that does not count.
    heard += Math.min(time - last, 2 * busyMs)
    last = time
    const now = heard
    const still: typeof waiting = new Map()
    let room = Math.ceil(most / 10)
    for (const connection of connections.values()) {
      if (!isWaiting(connection)) continue
      const mark = connection.bytesWhenIdle
      const before = waiting.get(connection)
      const since = before?.mark === mark ? before.since : now
      still.set(connection, { mark, since })
      const begun = connection.session === null && !isIdle(connection)
      const isSpared = connection.trusted && mark > 0 && !begun
      if (now - since < patienceMs || isSpared || room === 0) continue
      room -= 1
      showOut(connection, begun)
    }
    waiting = still
  }
}

function isWaiting({ exchanges, unread, upgrade, closing, socket }: Connection): boolean {
  return exchanges.length === 0 && unread === 0 && upgrade === null && !closing && !socket.writableEnded
}

function complainer(log: Logger, most: number): (reason: Exclude<Reason, 'error'>) => void {
  let last = Number.NEGATIVE_INFINITY
  return (reason) => {
    if (performance.now() - last < silenceMs) return
    last = performance.now()
    if (reason === 'connections') {
      const words = `${most} connections are open, as many as --worker-connections allows; the next ones wait`
      return log.warning({ event: 'front.full-of-connections' }, words)
    }
    const words = 'file descriptors run out (ulimit -n, LimitNOFILE=); new connections wait until some are free'
    log.warning({ event: 'front.full-of-descriptors' }, words)
  }
}
