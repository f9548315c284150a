import type { Beat, LoopFigures } from '../../contract/messages.ts'
import type { Measurements, Tally, Vitals } from '../../contract/tally.ts'

/** What threads tell of themselves, as the worker tells it. Memory of the process is the same whoever tells of it. */
export function sumBeats(beats: readonly Beat[], rssBytes: number): Beat {
  const measured = beats.flatMap(({ measurements }) => measurements ?? [])
  const loops = beats.flatMap(({ loop }) => loop ?? [])
  return {
    type: 'beat',
    requests: sum(beats, (beat) => beat.requests),
    inFlight: sum(beats, (beat) => beat.inFlight),
    connections: sum(beats, (beat) => beat.connections),
    rssBytes,
    measurements: measured.length === 0 ? null : sumMeasurements(measured),
    ...(loops.length === 0 ? {} : { loop: sumLoops(loops) }),
  }
}

/** The slowest of the loops, and how busy they are on the average. */
function sumLoops(loops: readonly LoopFigures[]): LoopFigures {
  const delayMs = Math.max(...loops.map((loop) => loop.delayMs))
  return { delayMs, utilisation: sum(loops, (loop) => loop.utilisation) / loops.length }
}

function sumMeasurements(all: readonly Measurements[]): Measurements {
  const tallies = all.map(({ tally }) => tally)
  const vitals = all.map((measured) => measured.vitals)
  return { tally: tallies.reduce(addTally), vitals: sumVitals(vitals) }
}

function addTally(one: Tally, other: Tally): Tally {
  const names = [...new Set([...Object.keys(one.statuses), ...Object.keys(other.statuses)])]
  const statuses = names.map((name) => [name, (one.statuses[name] ?? 0) + (other.statuses[name] ?? 0)])
  return {
    statuses: Object.fromEntries(statuses),
    refused: one.refused + other.refused,
    aborted: one.aborted + other.aborted,
    buckets: one.buckets.map((count, at) => count + (other.buckets[at] ?? 0)),
    durationMs: one.durationMs + other.durationMs,
    samples: [...one.samples, ...other.samples],
    sampledOf: one.sampledOf + other.sampledOf,
  }
}

/** Heaps and collections are each thread's own; processor time is counted for the process. */
function sumVitals(all: readonly Vitals[]): Vitals {
  const delays = all.map(({ loopDelayMs }) => loopDelayMs)
  return {
    loopUtilisation: sum(all, (vitals) => vitals.loopUtilisation) / all.length,
    loopDelayMs: {
      mean: sum(delays, (delay) => delay.mean) / all.length,
      p99: Math.max(...delays.map((delay) => delay.p99)),
      max: Math.max(...delays.map((delay) => delay.max)),
    },
    heapUsedBytes: sum(all, (vitals) => vitals.heapUsedBytes),
    heapTotalBytes: sum(all, (vitals) => vitals.heapTotalBytes),
    externalBytes: sum(all, (vitals) => vitals.externalBytes),
    collections: sum(all, (vitals) => vitals.collections),
    collectionMs: sum(all, (vitals) => vitals.collectionMs),
    cpuSeconds: Math.max(...all.map((vitals) => vitals.cpuSeconds)),
  }
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
