import type { ListenerSlot, Ready, Worker } from './state.ts'

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

/** Listeners that were given up, and that nobody is left to serve: who comes there had better be refused. */
export function forsaken(listeners: readonly ListenerSlot[], workers: readonly Worker[]): readonly number[] {
  const staying = workers.filter((worker) => worker.phase !== 'leaving')
  const given = listeners.filter((listener) => listener.before !== undefined)
  return given.filter((listener) => !staying.some((worker) => holds(worker, listener))).map(({ id }) => id)
}

function holds({ generation }: Worker, { since, before, absentIn = [] }: ListenerSlot): boolean {
  return generation >= since && generation < (before ?? Number.POSITIVE_INFINITY) && !absentIn.includes(generation)
}

function home(worker: Ready, listeners: readonly ListenerSlot[]): number {
  const held = listeners.filter((listener) => holds(worker, listener))
  const slots = Math.max(1, ...held.map(({ slot }) => slot ?? 0))
  return ((worker.slot - 1) % slots) + 1
}
