/** What may be asked of a running master over its control socket: one JSON request a line, one JSON answer a line. */
export type ControlRequest =
  | { readonly command: 'status' }
  | { readonly command: 'config' }
  | { readonly command: 'listeners' }
  /** Answered when the reload has succeeded or failed. */
  | { readonly command: 'reload' }
  | { readonly command: 'scale'; readonly workers: number }
  | { readonly command: 'reopen' }
  /** Ends one worker, by pid; a successor takes its place. */
  | { readonly command: 'kill'; readonly pid: number }
  | { readonly command: 'shutdown'; readonly quick: boolean }

export type ControlAnswer =
  | { readonly ok: true; readonly message: string; readonly view?: unknown }
  | { readonly ok: false; readonly message: string; readonly fix: string | null }

/** Requests and answers are no longer than this, in bytes. */
export const longestControlLine = 1 << 20

export type WorkerView = {
  readonly id: number
  readonly slot: number
  readonly pid: number | null
  readonly state: 'booting' | 'ready' | 'leaving'
  /** Seconds in this state. */
  readonly seconds: number
  readonly generation: number
  readonly requests: number
  readonly inFlight: number
  readonly connections: number
  readonly rssBytes: number
}

export type StatusView = {
  readonly pid: number
  readonly state: 'starting' | 'running' | 'paused' | 'stopping'
  readonly version: string
  readonly node: string
  readonly uptimeSeconds: number
  readonly wanted: number
  readonly reload: 'idle' | 'trying' | 'rolling'
  /** What the last reload came to, or null when there was none. */
  readonly lastReload: string | null
  /** Why a worker last failed or died, or null. */
  readonly lastError: string | null
  readonly listeners: readonly string[]
  readonly workers: readonly WorkerView[]
}
