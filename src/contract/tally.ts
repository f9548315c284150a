/** Upper bounds of the buckets in which durations of requests are counted, in milliseconds; one more bucket is above all. */
export const durationBounds = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000] as const

/** What a worker has counted since it began. Numbers only grow, but for the samples. */
export type Tally = {
  /** Requests by the status of their answer. */
  readonly statuses: Readonly<Record<string, number>>
  /** Requests that the application never saw, and those whose client left before the end; they are among the statuses too. */
  readonly refused: number
  readonly aborted: number
  /** How many requests fell into each bucket, and the sum of all durations in milliseconds. */
  readonly buckets: readonly number[]
  readonly durationMs: number
  /** Durations of some requests since the last beat, in milliseconds, and how many requests they stand for. */
  readonly samples: readonly number[]
  readonly sampledOf: number
}

/** How a worker's process fares. */
export type Vitals = {
  /** Share of the time since the last beat in which the event loop was busy, from 0 to 1. */
  readonly loopUtilisation: number
  /** How late timers were since the last beat, in milliseconds. */
  readonly loopDelayMs: { readonly mean: number; readonly p99: number; readonly max: number }
  readonly heapUsedBytes: number
  readonly heapTotalBytes: number
  readonly externalBytes: number
  /** Garbage collections since the worker began, and how long they took. */
  readonly collections: number
  readonly collectionMs: number
  /** Seconds of processor time since the worker began. */
  readonly cpuSeconds: number
}

/** What a worker tells of itself with a beat where metrics are wanted. */
export type Measurements = { readonly tally: Tally; readonly vitals: Vitals }
