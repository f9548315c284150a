import { durationBounds, type Vitals } from '../contract/tally.ts'
import { type Family, histogram, type Sample } from './exposition.ts'
import type { SlotTotals } from './ledger.ts'

/** Everything there is to tell at one moment. */
export type Facts = {
  readonly build: { readonly version: string; readonly node: string; readonly name: string }
  /** Seconds since the epoch. */
  readonly startedAt: number
  readonly wanted: number
  readonly phases: Readonly<Record<'booting' | 'ready' | 'leaving', number>>
  readonly workers: readonly WorkerFacts[]
  readonly totals: readonly SlotTotals[]
  readonly exits: Readonly<Record<string, number>>
  readonly recycles: Readonly<Record<string, number>>
  readonly reloads: Readonly<Record<'succeeded' | 'failed', number>>
  readonly drains: { readonly count: number; readonly seconds: number }
  readonly logged: Readonly<Record<string, number>>
  readonly queues: readonly { readonly listener: string; readonly length: number }[]
  readonly backlog: number
  readonly masterRssBytes: number
}

export type WorkerFacts = {
  readonly slot: number
  readonly inFlight: number
  readonly connections: number
  readonly rssBytes: number
  readonly vitals: Vitals | null
}

/** The metrics of a server. Workers are told apart by slot, so that a replacement carries on the line of its predecessor. */
export function familiesOf(facts: Facts): readonly Family[] {
  return [...serverFamilies(facts), ...requestFamilies(facts), ...workerFamilies(facts)]
}

function serverFamilies(facts: Facts): readonly Family[] {
  const { build, phases, drains } = facts
  return [
    gauge('tsicorn_build_info', 'What runs; always 1.', [{ labels: build, value: 1 }]),
    gauge('tsicorn_start_time_seconds', 'When the master began, in seconds since the epoch.', one(facts.startedAt)),
    gauge('tsicorn_master_resident_memory_bytes', 'Memory of the master.', one(facts.masterRssBytes)),
    gauge('tsicorn_workers_wanted', 'Workers that are wanted.', one(facts.wanted)),
    gauge('tsicorn_workers', 'Workers by what they are doing.', by('state', phases)),
    counter('tsicorn_worker_exits_total', 'Workers that ended, by reason.', by('reason', facts.exits)),
    counter('tsicorn_worker_recycles_total', 'Workers that asked for a successor.', by('reason', facts.recycles)),
    counter('tsicorn_reloads_total', 'Reloads by what they came to.', by('outcome', facts.reloads)),
    {
      ...{ name: 'tsicorn_worker_drain_seconds', type: 'summary', help: 'How long workers took to leave.' },
      samples: [
        { suffix: '_sum', labels: {}, value: drains.seconds },
        { suffix: '_count', labels: {}, value: drains.count },
      ],
    },
    counter(
      'tsicorn_log_records_total',
      'Records of the error log of the master, by level.',
      by('level', facts.logged),
    ),
    gauge(
      'tsicorn_listen_queue_length',
      'Connections that wait to be accepted.',
      facts.queues.map(({ listener, length }) => ({ labels: { listener }, value: length })),
    ),
    gauge('tsicorn_listen_backlog', 'Connections that may wait to be accepted.', one(facts.backlog)),
  ]
}

function requestFamilies({ totals }: Facts): readonly Family[] {
  return [
    counter(
      'tsicorn_requests_total',
      'Requests answered, by the class of their status.',
      totals.flatMap(statusSamples),
    ),
    counter('tsicorn_requests_refused_total', 'Requests that the application never saw.', bySlot(totals, 'refused')),
    counter('tsicorn_requests_aborted_total', 'Requests whose client left early.', bySlot(totals, 'aborted')),
    {
      ...{ name: 'tsicorn_request_duration_seconds', type: 'histogram' },
      help: 'How long requests took, from their head to the end of their answer.',
      samples: totals.flatMap((total) =>
        histogram(label(total.slot), {
          bounds: durationBounds.map((ms) => ms / 1000),
          counts: total.buckets,
          sum: total.durationMs / 1000,
        }),
      ),
    },
  ]
}

function workerFamilies({ workers, totals }: Facts): readonly Family[] {
  const vital = (name: string, help: string, read: (vitals: Vitals) => number): Family =>
    gauge(
      name,
      help,
      workers.flatMap(({ slot, vitals }) => (vitals === null ? [] : [{ labels: label(slot), value: read(vitals) }])),
    )
  return [
    gauge('tsicorn_requests_in_flight', 'Requests without a complete answer.', bySlot(workers, 'inFlight')),
    gauge('tsicorn_connections', 'Open connections.', bySlot(workers, 'connections')),
    gauge('tsicorn_worker_resident_memory_bytes', 'Memory of a worker.', bySlot(workers, 'rssBytes')),
    vital('tsicorn_worker_heap_used_bytes', 'Used heap of a worker.', (vitals) => vitals.heapUsedBytes),
    vital('tsicorn_worker_heap_total_bytes', 'Reserved heap of a worker.', (vitals) => vitals.heapTotalBytes),
    vital('tsicorn_worker_external_memory_bytes', 'Memory outside of the heap.', (vitals) => vitals.externalBytes),
    vital('tsicorn_event_loop_utilisation_ratio', 'Share of time the event loop is busy.', (v) => v.loopUtilisation),
    vital('tsicorn_event_loop_delay_mean_seconds', 'How late timers are, mean.', (v) => v.loopDelayMs.mean / 1000),
    vital('tsicorn_event_loop_delay_p99_seconds', 'How late timers are, 99 %.', (v) => v.loopDelayMs.p99 / 1000),
    vital('tsicorn_event_loop_delay_max_seconds', 'How late timers are, at worst.', (v) => v.loopDelayMs.max / 1000),
    counter('tsicorn_worker_cpu_seconds_total', 'Processor time of workers.', bySlot(totals, 'cpuSeconds')),
    counter('tsicorn_gc_collections_total', 'Garbage collections.', bySlot(totals, 'collections')),
    counter(
      'tsicorn_gc_seconds_total',
      'Time in garbage collection.',
      totals.map(({ slot, collectionMs }) => ({ labels: label(slot), value: collectionMs / 1000 })),
    ),
  ]
}

const usualClasses: readonly string[] = ['2xx', '3xx', '4xx', '5xx']

/** `2xx` and so on: a client that can choose among a thousand statuses cannot make a thousand time series. */
function statusSamples({ slot, statuses }: SlotTotals): readonly Sample[] {
  // From the beginning, so that rate() sees the first one too.
  const classes = new Map(usualClasses.map((name) => [name, 0]))
  for (const [status, count] of Object.entries(statuses)) {
    const name = `${status.slice(0, 1)}xx`
    classes.set(name, (classes.get(name) ?? 0) + count)
  }
  return [...classes].sort().map(([status, value]) => ({ labels: { ...label(slot), status }, value }))
}

const label = (slot: number) => ({ worker: String(slot) })

function bySlot<Name extends string>(
  rows: readonly ({ readonly slot: number } & Readonly<Record<Name, number>>)[],
  name: Name,
): readonly Sample[] {
  return rows.map((row) => ({ labels: label(row.slot), value: row[name] }))
}

function by(name: string, counts: Readonly<Record<string, number>>): readonly Sample[] {
  return Object.entries(counts).map(([key, value]) => ({ labels: { [name]: key }, value }))
}

const one = (value: number): readonly Sample[] => [{ labels: {}, value }]

const gauge = (name: string, help: string, samples: readonly Sample[]): Family => ({
  name,
  type: 'gauge',
  help,
  samples,
})

const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  ...{ name, type: 'counter', help, samples },
})
