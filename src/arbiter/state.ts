import type { ExitCode } from '../contract/exit-codes.ts'
import type { Beat, LeavingReason, Release } from '../contract/messages.ts'

/** Why a worker leaves: what it was asked for, or what it did so for on its own account. */
export type LeaveReason =
  | 'replaced'
  | 'surplus'
  | 'stop'
  | 'paused'
  | 'hung'
  | 'boot-timeout'
  | 'reload-aborted'
  | LeavingReason

type Common = {
  /** Given when the worker is ordered; never used twice. */
  readonly id: number
  readonly slot: number
  /** Which reload it belongs to. */
  readonly generation: number
  readonly pid: number | null
  /** When it was ordered. */
  readonly born: number
  /** When this phase began. All times are milliseconds of one monotonic clock. */
  readonly since: number
}

export type Booting = Common & {
  readonly phase: 'booting'
  /** What it said before it went, if it said why it cannot start. */
  readonly failure: BootFailure | null
}

/** Where an event loop was last seen standing still, and what it served. */
export type Stall = { readonly stack: readonly string[]; readonly requests: readonly string[] }

export type Ready = Common & {
  readonly phase: 'ready'
  readonly lastBeat: number
  /** What it last told of itself. */
  readonly beat: Beat | null
  /** Ids of the listeners it was told to accept on. */
  readonly listens: readonly number[]
  readonly stall: Stall | null
  /** Why it wants a successor, or null. */
  readonly recycle: string | null
  /** What it has loaded; null where it did not tell. */
  readonly release: Release | null
}

export type Leaving = Common & {
  readonly phase: 'leaving'
  readonly reason: LeaveReason
  readonly deadline: number
  readonly killed: boolean
  /** Null where it was never ready, and is not expected to tell of itself. */
  readonly lastBeat: number | null
  readonly beat: Beat | null
  readonly stall: Stall | null
  readonly release: Release | null
}

export type Worker = Booting | Ready | Leaving

export type BootFailure = { readonly stage: 'boot' | 'load'; readonly message: string; readonly fix: string | null }

export type Stage =
  /** Until the first full set of workers is ready: a worker that cannot start ends the server. */
  | { readonly name: 'starting' }
  | { readonly name: 'running' }
  /** Without workers, but holding the sockets. A start that was not over goes on when the pause is. */
  | { readonly name: 'paused'; readonly was: 'starting' | 'running' }
  | {
      readonly name: 'stopping'
      readonly quick: boolean
      readonly exit: ExitCode
      /** Until then connections are taken, while balancers learn of it; null once the sockets are closed. */
      readonly closesAt: number | null
    }

export type Reload =
  | { readonly phase: 'idle' }
  /** Config and application are being tried in a child of their own. */
  | { readonly phase: 'trying'; readonly since: number }
  /** Workers of older generations are replaced one by one. */
  | {
      readonly phase: 'rolling'
      readonly since: number
      /** How many workers were wanted before it, TTIN and TTOU apart. */
      readonly before: number
    }

/** Deaths of one slot's workers soon after they were ready, and when the next may be started. */
export type Backoff = { readonly slot: number; readonly deaths: number; readonly notBefore: number }

/** The other master during a hand-over. */
export type Kin =
  | { readonly role: 'none' }
  /** A new master has been started on our sockets. */
  | { readonly role: 'successor'; readonly pid: number | null; readonly ready: boolean }
  /** We are the new one, and the old one still lives. */
  | { readonly role: 'predecessor' }

/** What has to come before the first workers are started. */
export type Hold =
  | { readonly until: 'nothing' }
  /** The application is loaded once, to see whether it can be. */
  | { readonly until: 'preloaded'; readonly since: number }
  /** The first start failed, and waits for a reload instead of ending the server. */
  | { readonly until: 'mended' }

/** What the service manager was last told, and when. */
export type Told = {
  readonly status: string | null
  readonly at: number
  /** When it was last asked for patience. */
  readonly pleaAt: number
}

export type State = {
  readonly stage: Stage
  readonly reload: Reload
  readonly kin: Kin
  /** Who waits for the outcome of the reload that runs, and of the one after it. */
  readonly askers: { readonly now: readonly number[]; readonly next: readonly number[] }
  /** What the last reload came to, and why a worker last failed; null while there is nothing to tell. */
  readonly lastReload: string | null
  readonly lastError: string | null
  readonly hold: Hold
  /** A reload asked for while there can be none; it begins when it can. */
  readonly reloadAsked: boolean
  /** How many workers are wanted: the setting, moved by TTIN and TTOU. */
  readonly target: number
  /** What was asked for since the last reload was, which sets the number back: a number, and by how much to move it. */
  readonly scaled: { readonly to: number | null; readonly by: number }
  readonly generation: number
  readonly nextId: number
  readonly workers: readonly Worker[]
  readonly backoffs: readonly Backoff[]
  readonly told: Told
  readonly lastStep: number
}

/** What the settings say to the lifecycle. */
export type Limits = {
  readonly workers: number
  /** Longest silence of a ready worker; 0 is no limit. */
  readonly timeout: number
  readonly bootTimeout: number
  readonly gracefulTimeout: number
  /** How long a graceful stop waits before it closes the sockets. */
  readonly drainDelay: number
  /** How many workers a reload replaces at a time. */
  readonly reloadBatch: number
  readonly listeners: readonly ListenerSlot[]
  /** The application is loaded once before any worker is. */
  readonly preload: boolean
  /** Somebody is writing the application: a start that fails waits for a change of the code. */
  readonly waitsForChange: boolean
  /** A terminal sends WINCH when its window changes size, which asks for nothing. */
  readonly onTerminal: boolean
}

/** A listener as the lifecycle sees it. */
export type ListenerSlot = {
  /** The id the loop knows it by. */
  readonly id: number
  /** The worker slot it belongs to, or null when it is everybody's. */
  readonly slot: number | null
  /** Workers of this generation and later ones inherited it. */
  readonly since: number
  /** Given up by a reload: workers of this generation and later ones did not inherit it. */
  readonly before?: number
  /** Generations that did not inherit it: those of reloads that gave it up, and were then given up themselves. */
  readonly absentIn?: readonly number[]
}

/** The loop steps at least this often, in milliseconds; a longer pause means that the master itself was stopped. */
export const longestPause = 1000

export function initialState(limits: Limits, now: number, heir = false): State {
  return {
    stage: { name: 'starting' },
    reload: { phase: 'idle' },
    kin: { role: heir ? 'predecessor' : 'none' },
    askers: { now: [], next: [] },
    lastReload: null,
    lastError: null,
    hold: { until: 'nothing' },
    reloadAsked: false,
    target: limits.workers,
    scaled: { to: null, by: 0 },
    generation: 1,
    nextId: 1,
    workers: [],
    backoffs: [],
    told: { status: null, at: Number.NEGATIVE_INFINITY, pleaAt: Number.NEGATIVE_INFINITY },
    lastStep: now,
  }
}
