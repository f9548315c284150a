import type { Facts, WorkerFacts } from '../metrics/families.ts'
import { Ledger } from '../metrics/ledger.ts'
import type { Statsd } from '../metrics/statsd.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { queueLength } from '../system/queue-length.ts'
import { Account, type Step } from './account.ts'
import type { Event, Note } from './events.ts'
import { leaveWords } from './leave-words.ts'
import type { ListenerBook } from './listener-book.ts'
import type { State } from './state.ts'

type Surroundings = {
  readonly config: ServerConfig
  readonly book: Pick<ListenerBook, 'queues'>
  readonly version: string
  readonly statsd: Statsd | null
}

// A counter that is not there before it is 1 hides its first event from rate() and increase().
const zeroes = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(names.map((name) => [name, 0]))
const noExits = zeroes(['died', 'failed-to-start', ...Object.keys(leaveWords)])
const noRecycles = zeroes(['max-requests', 'max-memory'])
const noRecords = zeroes(['info', 'warning', 'error', 'critical'])

/** Looks on at the lifecycle and counts, for whoever watches the server from outside. */
export class Measures {
  readonly #surroundings: Surroundings
  readonly #ledger = new Ledger()
  readonly #account = new Account()
  readonly #logged: Record<string, number> = {}
  readonly #startedAt = Date.now() / 1000
  #state: State | null = null

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  observe(step: Step): void {
    const { event, before, after, orders } = step
    this.#state = after
    this.#account.observe(step)
    if (event.type === 'said' && event.message.type === 'beat') this.#beat(event.worker, event.message, before)
    if (event.type === 'exited') this.#exited(event.worker)
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
      exits: { ...noExits, ...this.#account.exits },
      recycles: { ...noRecycles, ...this.#account.recycles },
      reloads: this.#account.reloads,
      drains: this.#account.drains,
      logged: { ...noRecords, ...this.#logged },
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

  #exited(worker: number): void {
    this.#ledger.leave(worker)
    this.#surroundings.statsd?.leave(worker)
  }

  #noted({ level }: Note): void {
    const { statsd, config } = this.#surroundings
    if (level !== 'debug' || config.logLevel === 'debug') {
      bump(this.#logged, level)
      statsd?.logged(level)
    }
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
