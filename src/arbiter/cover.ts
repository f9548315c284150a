import type { ListenerSlot, Ready } from './state.ts'

/**
 * Who accepts where. A shared listener is everybody's; a slot's listener belongs to the slot's worker.
 * A listener without its worker is taken by all the others until it has one again: no client waits for a start.
 * Workers beyond the number of slot listeners help at home in turn, so that each has work.
 */
export function assign(
  listeners: readonly ListenerSlot[],
  workers: readonly Ready[],
): ReadonlyMap<number, readonly number[]> {
  const slots = Math.max(0, ...listeners.map((listener) => listener.slot ?? 0))
  const chosen = new Map<number, number[]>(workers.map((worker) => [worker.id, []]))
  for (const listener of listeners) {
    const holders = workers.filter((worker) => worker.generation >= listener.since)
    const owners = holders.filter((worker) => listener.slot === null || home(worker.slot, slots) === listener.slot)
    for (const worker of owners.length > 0 ? owners : holders) chosen.get(worker.id)?.push(listener.id)
  }
  return chosen
}

function home(slot: number, slots: number): number {
  return ((slot - 1) % slots) + 1
}
