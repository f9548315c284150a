import type { Beat } from '../../contract/messages.ts'
import { sumBeats } from './sum-beats.ts'

type Entry = {
  readonly beat: Beat | null
  /** It has told something since the last sum. */
  readonly fresh: boolean
  readonly heardAt: number
  readonly gone: boolean
  /** Its silence has been noticed. */
  readonly missed: boolean
}

/** What the threads of a worker tell of themselves, and what it comes to for the worker. */
export class RollCall {
  readonly #entries = new Map<number, Entry>()

  /** From now on a thread is expected to tell. */
  expect(thread: number, now: number): void {
    const known = this.#entries.get(thread)
    this.#entries.set(thread, known ?? { beat: null, fresh: false, heardAt: now, gone: false, missed: false })
  }

  heard(thread: number, beat: Beat, now: number): void {
    const before = this.#entries.get(thread)
    const told = before?.fresh === true && before.beat !== null ? keepSamples(before.beat, beat) : beat
    this.#entries.set(thread, { beat: told, fresh: true, heardAt: now, gone: false, missed: false })
  }

  /** What it has done still counts. */
  gone(thread: number): void {
    const entry = this.#entries.get(thread)
    if (entry === undefined) return
    const beat = entry.beat === null ? null : { ...entry.beat, inFlight: 0, connections: 0 }
    this.#entries.set(thread, { ...entry, beat, gone: true })
  }

  /** Whether every thread that lives has told anew: one that stands still keeps the worker's heartbeat back. */
  get isComplete(): boolean {
    return [...this.#entries.values()].every(({ fresh, gone }) => fresh || gone)
  }

  /** The sum of all threads, as last told; what is told once is not told again. */
  take(rssBytes: number): Beat {
    const total = sumBeats(
      [...this.#entries.values()].flatMap(({ beat }) => beat ?? []),
      rssBytes,
    )
    for (const [thread, entry] of this.#entries) {
      const beat = entry.beat === null ? null : withoutSamples(entry.beat)
      this.#entries.set(thread, { ...entry, beat, fresh: false })
    }
    return total
  }

  /** Threads that have told nothing since a time, each named once until it tells again. */
  silentSince(time: number): readonly number[] {
    const silent = [...this.#entries].filter(([, { heardAt, gone, missed }]) => heardAt < time && !gone && !missed)
    for (const [thread, entry] of silent) this.#entries.set(thread, { ...entry, missed: true })
    return silent.map(([thread]) => thread)
  }
}

function keepSamples({ measurements: before }: Beat, beat: Beat): Beat {
  const { measurements } = beat
  if (before === null || measurements === null) return beat
  const samples = [...before.tally.samples, ...measurements.tally.samples]
  const sampledOf = before.tally.sampledOf + measurements.tally.sampledOf
  return { ...beat, measurements: { ...measurements, tally: { ...measurements.tally, samples, sampledOf } } }
}

function withoutSamples(beat: Beat): Beat {
  const { measurements } = beat
  if (measurements === null) return beat
  return { ...beat, measurements: { ...measurements, tally: { ...measurements.tally, samples: [], sampledOf: 0 } } }
}
