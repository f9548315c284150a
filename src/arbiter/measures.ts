import type { Facts, WorkerFacts } from '../metrics/families.ts'
import { Ledger } from '../metrics/ledger.ts'
import type { Statsd } from '../metrics/statsd.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { queueLength } from '../system/queue-length.ts'
import type { Event, Note, Order } from './events.ts'
import type { ListenerBook } from './listener-book.ts'
import type { State } from './state.ts'

/** One step of the lifecycle, as it was. */
export type Step = {
  readonly event: Event
  readonly before: State
  readonly after: State
  readonly orders: readonly Order[]
  readonly now: number
}

type Surroundings = {
  readonly config: ServerConfig
  readonly book: Pick<ListenerBook, 'queues'>
  readonly version: string
  readonly statsd: Statsd | null
}

/** Looks on at the lifecycle and counts, for whoever watches the server from outside. */
export class Measures {
  readonly #surroundings: Surroundings
  readonly #ledger = new Ledger()
  readonly #exits: Record<string, number> = {}
  readonly #recycles: Record<string, number> = {}
  readonly #reloads = { succeeded: 0, failed: 0 }
  readonly #drains = { count: 0, seconds: 0 }
  readonly #logged: Record<string, number> = {}
  readonly #startedAt = Date.now() / 1000
  #state: State | null = null

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  observe({ event, before, after, orders, now }: Step): void {
    this.#state = after
    if (event.type === 'said' && event.message.type === 'beat') this.#beat(event.worker, event.message, before)
    if (event.type === 'said' && event.message.type === 'recycle') bump(this.#recycles, event.message.reason)
    if (event.type === 'exited') this.#exited(event.worker, before, now)
    for (const order of orders) if (order.type === 'note') this.#noted(order)
  }

  /** Everything as of this moment. */
  facts(): Facts {
    const { config, version } = this.#surroundings
    const workers = this.#state?.workers ?? []
    const among = (phase: string): number => workers.filter((worker) => worker.phase === phase).length
    return {
      build: { version, node: process.version, name: config.name ?? '' },
      startedAt: this.#startedAt,
      wanted: this.#state?.target ?? 0,
      phases: { booting: among('booting'), ready: among('ready'), leaving: among('leaving') },
      workers: this.#workers(),
      totals: this.#ledger.totals(),
      ...{ exits: this.#exits, recycles: this.#recycles, reloads: this.#reloads },
      ...{ drains: this.#drains, logged: this.#logged },
      queues: this.#queues(),
      backlog: config.backlog,
      masterRssBytes: process.memoryUsage.rss(),
    }
  }

  #beat(worker: number, { measurements }: Beat, before: State): void {
    const slot = before.workers.find(({ id }) => id === worker)?.slot
    if (slot === undefined || measurements === null) return
    this.#ledger.take(worker, slot, measurements)
    const { statsd, config } = this.#surroundings
    if (statsd === null) return
    statsd.take(worker, measurements.tally)
    statsd.workers(this.#state?.workers.filter(({ phase }) => phase !== 'leaving').length ?? 0)
    if (config.enableBacklogMetric) statsd.backlog(this.#queues().reduce((sum, { length }) => sum + length, 0))
    statsd.flush()
  }

  #exited(id: number, before: State, now: number): void {
    this.#ledger.leave(id)
    this.#surroundings.statsd?.leave(id)
    const worker = before.workers.find((other) => other.id === id)
    if (worker === undefined) return
    bump(
      this.#exits,
      worker.phase === 'leaving' ? worker.reason : worker.phase === 'ready' ? 'died' : 'failed-to-start',
    )
    if (worker.phase !== 'leaving') return
    this.#drains.count += 1
    this.#drains.seconds += (now - worker.since) / 1000
  }

  #noted({ event, level }: Note): void {
    const { statsd, config } = this.#surroundings
    if (level !== 'debug' || config.logLevel === 'debug') {
      bump(this.#logged, level)
      statsd?.logged(level)
    }
    if (event === 'reload.done') this.#reloads.succeeded += 1
    if (event === 'reload.failed') this.#reloads.failed += 1
  }

  /** One row a slot: of two workers that share it during a replacement, the one that serves. */
  #workers(): readonly WorkerFacts[] {
    const vitals = this.#ledger.vitals()
    return (this.#state?.workers ?? []).flatMap((worker) =>
      worker.phase !== 'ready' || worker.beat === null
        ? []
        : [
            {
              slot: worker.slot,
              inFlight: worker.beat.inFlight,
              connections: worker.beat.connections,
              rssBytes: worker.beat.rssBytes,
              vitals: vitals.get(worker.id) ?? null,
            },
          ],
    )
  }

  #queues(): Facts['queues'] {
    return this.#surroundings.book.queues.flatMap(({ label, fd }) => {
      const length = queueLength(fd)
      return length === null ? [] : [{ listener: label, length }]
    })
  }
}

type Beat = Extract<Extract<Event, { type: 'said' }>['message'], { type: 'beat' }>

function bump(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
