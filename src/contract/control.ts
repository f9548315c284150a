import type { Release } from './messages.ts'

/** What may be asked of a running master over its control socket: one JSON request a line, one JSON answer a line. */
export type ControlRequest =
  | { readonly command: 'status' }
  | { readonly command: 'config' }
  | { readonly command: 'stats' }
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

/** The views are what `tsicorn ctl … --json` prints: names are only ever added. */
export type WorkerView = {
  readonly id: number
  readonly slot: number
  readonly pid: number | null
  readonly state: 'booting' | 'ready' | 'leaving'
  /** Seconds in this state, and since it was ordered. */
  readonly seconds: number
  readonly ageSeconds: number
  readonly generation: number
  readonly requests: number
  readonly inFlight: number
  readonly connections: number
  readonly rssBytes: number
  /** How late timers were in the last second or so, at worst; null where it is not known. */
  readonly loopDelayMs: number | null
  /** Share of that time in which the event loop was busy, from 0 to 1. */
  readonly loopUtilisation: number | null
  /** What it has loaded; null until it has. */
  readonly release: Release | null
  /** What is special about it: why it leaves, why it is to be replaced, where it is stuck. */
  readonly remark: string | null
}

export type StatusView = {
  readonly pid: number
  readonly name: string
  readonly state: 'starting' | 'running' | 'paused' | 'stopping'
  /** The line that `systemctl status` shows. */
  readonly status: string
  readonly version: string
  readonly node: string
  readonly uptimeSeconds: number
  /** Requests begun since the master was started, whichever worker served them. */
  readonly requests: number
  readonly wanted: number
  readonly reload: 'idle' | 'trying' | 'rolling'
  /** What the last reload came to, or null when there was none. */
  readonly lastReload: string | null
  /** Why a worker last failed or died, or null, and how long ago. */
  readonly lastError: string | null
  readonly lastErrorSeconds: number | null
  readonly listeners: readonly string[]
  readonly workers: readonly WorkerView[]
}

/** Each setting by its name: the value as a flag would take it, and where it came from. Secrets are left out. */
export type ConfigView = Readonly<Record<string, SettingView>>
export type SettingView = {
  readonly value: string
  readonly layer: 'default' | 'file' | 'environment' | 'cmd-args' | 'flags'
  /** In words: `command line: --workers`, `config file /srv/app/tsicorn.config.ts`. */
  readonly from: string
}

export type StatsView = {
  readonly uptimeSeconds: number
  /** Requests begun since the master was started, whichever worker served them. */
  readonly requests: number
  /** Since stats were last asked for, or since the start: for how long, and how many a second. */
  readonly sinceSeconds: number
  readonly requestsPerSecond: number
  readonly inFlight: number
  readonly connections: number
  readonly workersStarted: number
  /** How many workers ended, by why: replaced, surplus, stop, paused, hung, died, failed-to-start … */
  readonly exits: Readonly<Record<string, number>>
  /** How many asked to be replaced, by why. */
  readonly recycles: Readonly<Record<string, number>>
  readonly reloads: { readonly succeeded: number; readonly failed: number }
  readonly lastReload: string | null
}

export type ListenerView = {
  readonly address: string
  /** The worker slot it belongs to; null when it is shared by all. */
  readonly slot: number | null
  /** How many connections may wait to be accepted, and how many do; null where the kernel does not tell. */
  readonly backlog: number
  readonly queue: number | null
}
