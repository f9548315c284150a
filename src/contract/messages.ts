import type { Identity } from './identity.ts'
import type { ListenerInfo } from './listeners.ts'
import type { Measurements } from './tally.ts'

/** Descriptor of the socket pair between master and worker, in the worker. It carries one JSON message a line. */
export const channelFd = 3

/** Descriptor of the first inherited listener in a worker; the others follow in the order of the list. */
export const firstListenerFd = 4

/** How many heartbeats a worker sends within one `timeout`, and the longest pause between two, in milliseconds. */
export const heartbeat = { perTimeout: 6, longestPause: 1000 } as const

export type StartOrder<Config> = {
  readonly type: 'start'
  /** Number of the worker, given by the master and never used twice. */
  readonly worker: number
  readonly slot: number
  readonly generation: number
  readonly config: Config
  /** Who to become before the application is loaded; null to stay who it is. */
  readonly identity: Identity | null
  readonly listeners: readonly ListenerInfo[]
  /** A trial loads the application, asks its health path, says ready or failed, and exits without ever listening. */
  readonly trial: boolean
  /** Whether others serve until it is ready: nobody waits for it, so it takes its time to be at its best from the first request. */
  readonly isServed: boolean
  /** The config file, where it has hooks for workers, and which. */
  readonly hooks?: HookScript
  readonly outlets?: Outlets
  /** A descriptor that ties the process to its master until it is ready, and of no use then. */
  readonly tether?: number
}

/** Descriptors through which a worker reaches what its own standard ones, or its means, do not lead to. */
export type Outlets = {
  /** Where the master's standard output and standard error lead, when those of the worker lead to the master. */
  readonly stdout: number
  readonly stderr: number
  /** A datagram socket, connected by the master; null where syslog has none. */
  readonly syslog: number | null
}

/** Of a worker that has what the master has. */
export const usualOutlets: Outlets = { stdout: 1, stderr: 2, syslog: null }

/** Functions cannot be sent, so the worker evaluates the very text that the master did. */
export type HookScript = { readonly path: string; readonly text: string; readonly names: readonly string[] }

export type ToWorker<Config> =
  | StartOrder<Config>
  /** Accept connections on exactly these listeners, by index; on the others no longer. */
  | { readonly type: 'listen'; readonly listeners: readonly number[] }
  /** Finish what is in flight within `graceMs`, then exit 0. Zero cuts everything at once. Never taken back. */
  | { readonly type: 'drain'; readonly graceMs: number }
  /** The server is told to stop: whoever asks for its status is to send nothing more. Connections are taken until `drain`. */
  | { readonly type: 'closing' }
  | { readonly type: 'reopenLogs' }

export type Beat = {
  readonly type: 'beat'
  readonly requests: number
  readonly inFlight: number
  readonly connections: number
  readonly rssBytes: number
  /** What was counted for those who watch from outside; null where nobody does. */
  readonly measurements: Measurements | null
  /** How the event loop fares, where somebody may ask and no measurements tell. */
  readonly loop?: LoopFigures
}

/** How late timers were since the last beat, at worst (99 of 100), and what share of that time the loop was busy. */
export type LoopFigures = { readonly delayMs: number; readonly utilisation: number }

/** What the application is that a worker serves. */
export type Release = {
  /** The file it was loaded from, all links followed. */
  readonly path: string
  /** The directory that a link on the way to it leads to, as `current` does to a release; null where there is no link. */
  readonly directory: string | null
  /** The version in the nearest package.json, or null. */
  readonly version: string | null
}

export type ToMaster =
  /** The application is loaded, started and healthy; the worker waits for `listen`. */
  | { readonly type: 'ready'; readonly release?: Release }
  /** The worker cannot start and is about to exit: 3 for `boot`, 4 for `load`. */
  | { readonly type: 'failed'; readonly stage: 'boot' | 'load'; readonly message: string; readonly fix: string | null }
  | Beat
  /** The event loop stands still: where, innermost function first, and what it was serving. */
  | { readonly type: 'stalled'; readonly stack: readonly string[]; readonly requests: readonly string[] }
  /** The worker wishes to be replaced, and serves on until its successor is ready. */
  | {
      readonly type: 'recycle'
      readonly reason: 'max-requests' | 'max-memory'
      /** What it has done and holds when it says so. */
      readonly requests: number
      readonly rssBytes: number
    }
  /** The worker ends on its own account: it takes no new connections, finishes what it has and exits. */
  | { readonly type: 'leaving'; readonly reason: LeavingReason }

export type LeavingReason = 'uncaught-error' | 'signal' | 'server-closed' | 'thread-ended'
