import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a hook sees of a worker: a picture of the moment, frozen. */
export type HookWorker = {
  /** Number of the worker, never used twice; 0 in the throw-away process that tries the application. */
  readonly id: number
  /** Its place among the workers, from 1; the worker that replaces it has the same. */
  readonly slot: number
  /** Which of the worker's threads, from 1; null where it has none, and in the master. */
  readonly thread: number | null
  /** How many reloads there were, from 1. */
  readonly generation: number
  /** Null before its process is started. */
  readonly pid: number | null
  /** Milliseconds since it was started. */
  readonly age: number
  readonly state: 'booting' | 'ready' | 'leaving'
}

/** What a hook sees of the server: a picture of the moment, frozen. */
export type HookServer = {
  /** Pid of the master. */
  readonly pid: number
  readonly name: string
  /** Version of tsicorn. */
  readonly version: string
  /** Where the server listens, as in its log. */
  readonly listeners: readonly string[]
  /** How many workers are wanted. */
  readonly wanted: number
  readonly workers: readonly HookWorker[]
}

/** How the process of a worker ended. */
export type HookExit = {
  readonly code: number | null
  readonly signal: string | null
  /** In the words of the log. */
  readonly reason: string
}

/** Where a worker's event loop was stuck, and with what. */
export type HookStall = {
  /** Innermost function first, as `name file:line:column`; empty when it could not be read. */
  readonly stack: readonly string[]
  /** Requests without a complete answer, as `GET /report (31.2 s)`. */
  readonly requests: readonly string[]
}

/** The hooks of a config file. They may be async; what they return counts for nothing. */
export type Hooks = {
  readonly onStarting: (server: HookServer) => unknown
  readonly whenReady: (server: HookServer) => unknown
  readonly onReload: (server: HookServer) => unknown
  readonly preSpawn: (server: HookServer, worker: HookWorker) => unknown
  readonly postSpawn: (worker: HookWorker) => unknown
  readonly workerReady: (worker: HookWorker) => unknown
  readonly workerExit: (worker: HookWorker) => unknown
  readonly childExit: (server: HookServer, worker: HookWorker, exit: HookExit) => unknown
  readonly workerAbort: (server: HookServer, worker: HookWorker, stall: HookStall) => unknown
  /** `before` is null at the start. */
  readonly workersChanged: (server: HookServer, now: number, before: number | null) => unknown
  readonly preRequest: (worker: HookWorker, request: IncomingMessage) => unknown
  /** `milliseconds` from the complete head of the request to the end of the answer, or of the connection. */
  readonly postRequest: (
    worker: HookWorker,
    request: IncomingMessage,
    response: ServerResponse,
    milliseconds: number,
  ) => unknown
  readonly onExit: (server: HookServer, status: number) => unknown
}

export type HookName = keyof Hooks

/** The hooks that run where the application runs. The others run in the master. */
export const workerHookNames = ['postSpawn', 'workerReady', 'workerExit', 'preRequest', 'postRequest'] as const

export type WorkerHookName = (typeof workerHookNames)[number]

export type MasterHookName = Exclude<HookName, WorkerHookName>

/** A record of the error log, as a JSON line holds it. */
export type LogRecord = {
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'critical'
  /** ISO 8601, in UTC. */
  readonly time: string
  readonly pid: number
  /** What happened, by its stable name: `tsicorn docs events`. */
  readonly event: string
  readonly msg: string
  /** What else is known, such as `worker`. */
  readonly [field: string]: unknown
}

/** Gets the records of the log. What it returns counts for nothing. */
export type LogHook = (record: LogRecord) => unknown
