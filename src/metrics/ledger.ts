import { durationBounds, type Measurements, type Tally, type Vitals } from '../contract/tally.ts'

/** What one slot's workers have done together since the master began. Nothing in it ever shrinks. */
export type SlotTotals = {
  readonly slot: number
  readonly statuses: Readonly<Record<string, number>>
  readonly refused: number
  readonly aborted: number
  readonly buckets: readonly number[]
  readonly durationMs: number
  readonly collections: number
  readonly collectionMs: number
  readonly cpuSeconds: number
}

type Sums = Omit<SlotTotals, 'slot'>

const nothing: Sums = {
  ...{ statuses: {}, refused: 0, aborted: 0, durationMs: 0, collections: 0, collectionMs: 0, cpuSeconds: 0 },
  buckets: new Array<number>(durationBounds.length + 1).fill(0),
}

/**
 * Adds up what workers tell, by slot and over their replacements. A worker tells totals of its own life, so a beat that
 * is lost loses nothing, and what a worker had told before it died stays counted.
 */
export class Ledger {
  readonly #departed = new Map<number, Sums>()
  readonly #living = new Map<number, { readonly slot: number; readonly sums: Sums; readonly vitals: Vitals }>()

  /** Takes a beat in. Returns the worker's tally of before, or null when this is its first. */
  take(worker: number, slot: number, { tally, vitals }: Measurements): void {
    const sums = { ...countsOf(tally), ...costsOf(vitals) }
    this.#living.set(worker, { slot, sums, vitals })
  }

  /** The worker is gone; its totals stay. */
  leave(worker: number): void {
    const last = this.#living.get(worker)
    if (last === undefined) return
    this.#living.delete(worker)
    this.#departed.set(last.slot, add(this.#departed.get(last.slot) ?? nothing, last.sums))
  }

  totals(): readonly SlotTotals[] {
    const bySlot = new Map(this.#departed)
    for (const { slot, sums } of this.#living.values()) bySlot.set(slot, add(bySlot.get(slot) ?? nothing, sums))
    return [...bySlot].map(([slot, sums]) => ({ slot, ...sums })).sort((one, other) => one.slot - other.slot)
  }

  /** How each living worker fares, as it last told. */
  vitals(): ReadonlyMap<number, Vitals> {
    return new Map([...this.#living].map(([worker, { vitals }]) => [worker, vitals]))
  }
}

function countsOf({ statuses, refused, aborted, buckets, durationMs }: Tally) {
  return { statuses, refused, aborted, buckets, durationMs }
}

function costsOf({ collections, collectionMs, cpuSeconds }: Vitals) {
  return { collections, collectionMs, cpuSeconds }
}

function add(one: Sums, other: Sums): Sums {
  const names = new Set([...Object.keys(one.statuses), ...Object.keys(other.statuses)])
  const sum = (name: string): number => (one.statuses[name] ?? 0) + (other.statuses[name] ?? 0)
  return {
    statuses: Object.fromEntries([...names].map((name) => [name, sum(name)])),
    refused: one.refused + other.refused,
    aborted: one.aborted + other.aborted,
    buckets: one.buckets.map((count, at) => count + (other.buckets[at] ?? 0)),
    durationMs: one.durationMs + other.durationMs,
    collections: one.collections + other.collections,
    collectionMs: one.collectionMs + other.collectionMs,
    cpuSeconds: one.cpuSeconds + other.cpuSeconds,
  }
}
