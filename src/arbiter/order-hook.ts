import type { HookExit, HookStall, HookWorker } from '../settings/hooks.ts'
import type { Worker } from './state.ts'
import type { Turn } from './turn.ts'

/** A hook that is due, with what it gets beside the server. onStarting and onExit are none: they frame the steps. */
export type DueHook =
  | { readonly name: 'whenReady' | 'onReload' }
  | { readonly name: 'preSpawn'; readonly worker: HookWorker }
  | { readonly name: 'childExit'; readonly worker: HookWorker; readonly exit: HookExit }
  | { readonly name: 'workerAbort'; readonly worker: HookWorker; readonly stall: HookStall }
  | { readonly name: 'workersChanged'; readonly now: number; readonly before: number | null }

/** Has a function of the config file called, if it has one of that name. */
export function orderHook(turn: Turn, due: DueHook): void {
  turn.orders.push({ type: 'hook', due })
}

/** A worker as hooks see it. */
export function portray({ id, slot, generation, pid, born, phase }: Worker, now: number): HookWorker {
  return { id, slot, thread: null, generation, pid, age: Math.max(0, Math.round(now - born)), state: phase }
}
