import type { ListenerSlot, Ready } from './state.ts'

/**
 * Who accepts where. A shared listener is everybody's; a slot's listener belongs to the slot's worker.
 * A listener without its worker is taken by all the others until it has one again: no client waits for a start.
 * That holds for a listener a reload gives up as well, among those who still have it, until the last of them has left.
 * Workers beyond the number of slot listeners help at home in turn, so that each has work.
 */
export function assign(
  listeners: readonly ListenerSlot[],
  workers: readonly Ready[],
): ReadonlyMap<number, readonly number[]> {
  const chosen = new Map<number, number[]>(workers.map((worker) => [worker.id, []]))
  for (const listener of listeners) {
    const holders = workers.filter((worker) => holds(worker, listener))
    const owners = holders.filter((worker) => listener.slot === null || home(worker, listeners) === listener.slot)
    for (const worker of owners.length > 0 ? owners : holders) chosen.get(worker.id)?.push(listener.id)
  }
  return chosen
}

function holds({ generation }: Ready, { since, before }: ListenerSlot): boolean {
  return generation >= since && generation < (before ?? Number.POSITIVE_INFINITY)
}

function home(worker: Ready, listeners: readonly ListenerSlot[]): number {
  const held = listeners.filter((listener) => holds(worker, listener))
  const slots = Math.max(1, ...held.map(({ slot }) => slot ?? 0))
  return ((worker.slot - 1) % slots) + 1
}
