import type { ServerConfig } from '../settings/server-table.ts'
import type { State } from './state.ts'

/** After this share of its time to become ready a start no longer stands back: too late is worse than noticed. */
const share = 1 / 10

/** For how many milliseconds a start stands back behind those who serve meanwhile. */
export function patience({ bootTimeout }: Pick<ServerConfig, 'bootTimeout'>): number {
  return bootTimeout * share
}

/** Whether somebody serves while a worker starts for a slot: its predecessor, or the workers of an old master. */
export function isServed({ workers, kin, stage }: State, slot: number): boolean {
  if (kin.role === 'predecessor' && stage.name === 'starting') return true
  return workers.some((worker) => worker.phase === 'ready' && worker.slot === slot)
}
