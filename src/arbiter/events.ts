import type { ControlAnswer, ControlRequest } from '../contract/control.ts'
import type { ExitCode } from '../contract/exit-codes.ts'
import type { ToMaster } from '../contract/messages.ts'
import type { MasterSignal } from '../contract/signals.ts'
import type { Exit } from './describe-exit.ts'
import type { DueHook } from './order-hook.ts'
import type { BootFailure } from './state.ts'

/** What has happened. */
export type Event =
  | { readonly type: 'begun' }
  | { readonly type: 'signalled'; readonly signal: MasterSignal }
  /** The terminal that the server was started on is gone. */
  | { readonly type: 'hungUp' }
  | { readonly type: 'spawned'; readonly worker: number; readonly pid: number }
  | { readonly type: 'said'; readonly worker: number; readonly message: ToMaster }
  | ({ readonly type: 'exited'; readonly worker: number } & Exit)
  | { readonly type: 'unspawnable'; readonly worker: number; readonly message: string }
  | { readonly type: 'tried'; readonly outcome: TrialOutcome }
  | { readonly type: 'successorSpawned'; readonly pid: number }
  | { readonly type: 'successorReady' }
  | { readonly type: 'successorGone'; readonly how: string }
  | { readonly type: 'predecessorGone' }
  /** Somebody asks over the control socket, and waits for the answer to this id. */
  | { readonly type: 'asked'; readonly id: number; readonly request: Deed }
  /** With --preload: what the one start before all others came to. */
  | { readonly type: 'preloaded'; readonly failure: BootFailure | null }
  /** With --reload: the names of files that are new, changed or gone. */
  | { readonly type: 'sourcesChanged'; readonly files: readonly string[] }
  | { readonly type: 'elapsed' }

/** The requests that do something; the others only look. */
export type Deed = Extract<ControlRequest, { command: 'reload' | 'scale' | 'reopen' | 'kill' | 'shutdown' }>

export type TrialOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly fix: string | null }

export type Level = 'debug' | 'info' | 'warning' | 'error' | 'critical'

export type Notice = 'ready' | 'reloading' | 'stopping' | 'status'

/** What is to be done. */
export type Order =
  | { readonly type: 'spawn'; readonly worker: number; readonly slot: number; readonly generation: number }
  | { readonly type: 'listen'; readonly worker: number; readonly listeners: readonly number[] }
  | { readonly type: 'retire'; readonly worker: number; readonly graceMs: number }
  | { readonly type: 'kill'; readonly worker: number }
  /** Tells all workers that the server is about to stop. */
  | { readonly type: 'tellClosing' }
  | { readonly type: 'try' }
  /** Loads the application once, in a process that serves nobody. */
  | { readonly type: 'preload' }
  | { readonly type: 'abandonTrial' }
  /** Nobody is left to serve these listeners, which a reload gave up. */
  | { readonly type: 'closeStaleListeners'; readonly listeners: readonly number[] }
  /** The reload is given up: what its config changed is as it was, for workers of `generation` and later. */
  | { readonly type: 'restoreConfig'; readonly generation: number }
  /** Closes the sockets; their files stay while another master serves on them. */
  | { readonly type: 'closeListeners'; readonly unlink: boolean }
  | { readonly type: 'handOver' }
  /** The new master is gone, and perhaps could not remove what it had. */
  | { readonly type: 'tidyUp'; readonly successor: number }
  /** The old master is gone: its pid file's name is ours. */
  | { readonly type: 'inherit' }
  | { readonly type: 'tellPredecessor' }
  | { readonly type: 'reopenLogs' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: ControlAnswer }
  | { readonly type: 'hook'; readonly due: DueHook }
  | Note
  | { readonly type: 'notify'; readonly state: Notice; readonly status: string }
  /** The service manager is to wait that much longer before it takes us for stuck. */
  | { readonly type: 'extendTimeout'; readonly ms: number }
  /** The service manager is to follow another process. */
  | { readonly type: 'notifyMainPid'; readonly pid: number }
  | { readonly type: 'exit'; readonly code: ExitCode }

/** A record for the error log. */
export type Note = {
  readonly type: 'note'
  readonly level: Level
  readonly event: string
  readonly message: string
  readonly fields: Readonly<Record<string, string | number | null>>
}
