import type { Beat } from '../contract/messages.ts'
import type { Event, Order } from './events.ts'
import type { State } from './state.ts'

/** One step of the lifecycle, as it was. */
export type Step = {
  readonly event: Event
  readonly before: State
  readonly after: State
  readonly orders: readonly Order[]
  readonly now: number
}

/** What has become of workers and reloads since the master began, counted by looking on at the lifecycle. */
export class Account {
  readonly exits: Record<string, number> = {}
  readonly recycles: Record<string, number> = {}
  readonly reloads = { succeeded: 0, failed: 0 }
  readonly drains = { count: 0, seconds: 0 }
  readonly #counted = new Map<number, number>()
  #requests = 0
  #workersStarted = 0
  #lastErrorAt: number | null = null

  /** Requests begun, whichever worker served them. */
  get requests(): number {
    return this.#requests
  }

  get workersStarted(): number {
    return this.#workersStarted
  }

  /** When a worker last failed or died, on the clock of the steps. */
  get lastErrorAt(): number | null {
    return this.#lastErrorAt
  }

  observe({ event, before, after, orders, now }: Step): void {
    if (after.lastError !== before.lastError) this.#lastErrorAt = now
    if (event.type === 'said' && event.message.type === 'beat') this.#beat(event.worker, event.message)
    if (event.type === 'said' && event.message.type === 'recycle') bump(this.recycles, event.message.reason)
    if (event.type === 'exited') this.#exited(event.worker, before, now)
    for (const order of orders) {
      if (order.type === 'spawn') this.#workersStarted += 1
      if (order.type === 'note' && order.event === 'reload.done') this.reloads.succeeded += 1
      if (order.type === 'note' && order.event === 'reload.failed') this.reloads.failed += 1
    }
  }

  /** A worker tells the total of its own life, so a beat that is lost loses nothing. */
  #beat(worker: number, { requests }: Beat): void {
    this.#requests += requests - (this.#counted.get(worker) ?? 0)
    this.#counted.set(worker, requests)
  }

  #exited(id: number, before: State, now: number): void {
    this.#counted.delete(id)
    const worker = before.workers.find((other) => other.id === id)
    if (worker === undefined) return
    const unasked = worker.phase === 'ready' ? 'died' : 'failed-to-start'
    bump(this.exits, worker.phase === 'leaving' ? worker.reason : unasked)
    if (worker.phase !== 'leaving') return
    this.drains.count += 1
    this.drains.seconds += (now - worker.since) / 1000
  }
}

function bump(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
