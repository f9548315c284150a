import type { Server } from 'node:http'
import type { ListenerInfo } from '../contract/listeners.ts'
import type { ServingUnit } from '../contract/serving.ts'
import type { ServerConfig } from './server-table.ts'

type Write = (fields: { readonly event: string }, message: string) => void

/** The error log, by level. */
export type WorkerLog = {
  readonly debug: Write
  readonly info: Write
  readonly warning: Write
  readonly error: Write
}

/** What a worker class has to work with, in the process of the worker. */
export type WorkerContext = {
  readonly config: ServerConfig
  /** The inherited listeners; the master tells by their index on which of them to accept. */
  readonly listeners: readonly ListenerInfo[]
  /** The server of the application, loaded; nobody listens yet. */
  readonly server: Server
  readonly log: WorkerLog
  /**
   * What the classes async and sync serve with: forwarded headers, limits, drain. To be called once at most. The server
   * may be another one than the application's, such as one that does something before.
   */
  readonly front: (options?: { readonly server?: Server; readonly oneAtATime?: boolean }) => ServingUnit
}

/** How a worker serves: the default export of the module that --worker-class names. */
export type WorkerClass = {
  /** For people, in messages. */
  readonly name: string
  /** Makes what serves. Nothing may be accepted before `listenOn`. */
  readonly create: (context: WorkerContext) => ServingUnit | Promise<ServingUnit>
}

/** How many threads a worker of this config runs, or null where it has the one event loop of its process. */
export function threadsOf({ workerClass, threads }: Pick<ServerConfig, 'workerClass' | 'threads'>): number | null {
  return workerClass === 'threads' || threads > 1 ? threads : null
}
