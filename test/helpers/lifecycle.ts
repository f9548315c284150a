import type { Event, Order } from '../../src/arbiter/events.ts'
import { initialState, type Limits, type Ready, type State, type Worker } from '../../src/arbiter/state.ts'
import { step } from '../../src/arbiter/step.ts'
import type { Beat, ToMaster } from '../../src/contract/messages.ts'
import type { MasterSignal } from '../../src/contract/signals.ts'

export const limits: Limits = {
  workers: 2,
  timeout: 30_000,
  bootTimeout: 60_000,
  gracefulTimeout: 30_000,
  drainDelay: 0,
  reloadBatch: 1,
  listeners: [{ id: 1, slot: null, since: 1 }],
  onTerminal: false,
  preload: false,
  waitsForChange: false,
}

/** The lifecycle with a clock of its own: events go in, orders are kept by the kind. */
export class Lifecycle {
  state: State
  limits: Limits
  now = 0
  orders: Order[] = []
  #pid = 100

  constructor(given: Partial<Limits> = {}) {
    this.limits = { ...limits, ...given }
    this.state = initialState(this.limits, this.now)
    this.hear({ type: 'begun' })
  }

  /** Tells one event and returns the orders it caused. */
  hear(event: Event): readonly Order[] {
    const [state, orders] = step(this.state, event, this.now, this.limits)
    this.state = state
    this.orders.push(...orders)
    for (const order of orders) {
      if (order.type === 'spawn') this.hear({ type: 'spawned', worker: order.worker, pid: this.#pid++ })
    }
    return orders
  }

  signal(signal: MasterSignal): readonly Order[] {
    return this.hear({ type: 'signalled', signal })
  }

  say(worker: number, message: ToMaster): readonly Order[] {
    return this.hear({ type: 'said', worker, message })
  }

  die(worker: number, code: number | null = null, signal: string | null = code === null ? 'SIGKILL' : null) {
    return this.hear({ type: 'exited', worker, code, signal })
  }

  /** Lets time pass in steps the loop would make, with beats from the workers named. */
  pass(
    ms: number,
    beating: readonly number[] = [...this.ready, ...this.leaving].map(({ id }) => id),
  ): readonly Order[] {
    const before = this.orders.length
    for (const end = this.now + ms; this.now < end; ) {
      this.now = Math.min(end, this.now + 500)
      for (const id of beating) this.say(id, beat)
      this.hear({ type: 'elapsed' })
    }
    return this.orders.slice(before)
  }

  /** Lets every worker that boots become ready. */
  boot(): void {
    for (const worker of this.booting) this.say(worker.id, { type: 'ready' })
  }

  get booting(): readonly Worker[] {
    return this.state.workers.filter((worker) => worker.phase === 'booting')
  }

  get ready(): readonly Ready[] {
    return this.state.workers.filter((worker) => worker.phase === 'ready')
  }

  get leaving(): readonly Worker[] {
    return this.state.workers.filter((worker) => worker.phase === 'leaving')
  }

  ordered<Kind extends Order['type']>(type: Kind): readonly Extract<Order, { type: Kind }>[] {
    return this.orders.filter((order): order is Extract<Order, { type: Kind }> => order.type === type)
  }

  forget(): void {
    this.orders = []
  }

  notes(event: string): readonly string[] {
    return this.ordered('note')
      .filter((note) => note.event === event)
      .map((note) => note.message)
  }
}

export const beat: Beat = { type: 'beat', requests: 0, inFlight: 0, connections: 0, rssBytes: 0, measurements: null }

/** A server whose first set of workers is ready. */
export function running(given: Partial<Limits> = {}): Lifecycle {
  const life = new Lifecycle(given)
  life.boot()
  life.forget()
  return life
}
