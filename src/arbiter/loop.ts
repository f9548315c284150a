import type { ControlAnswer, ControlRequest } from '../contract/control.ts'
import type { ExitCode } from '../contract/exit-codes.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { Account } from './account.ts'
import { watchSources } from './development.ts'
import { Enquiries } from './enquiries.ts'
import type { Event, Order } from './events.ts'
import { limitsOf } from './limits.ts'
import { inform } from './notices.ts'
import { untilNext } from './overdue.ts'
import { reopenLogs } from './reopen-logs.ts'
import { isServed } from './stand-back.ts'
import { initialState, type Limits, type State } from './state.ts'
import { step } from './step.ts'
import { startSuccessor } from './successor.ts'
import { tryOnce, tryReload } from './trial.ts'
import { viewsOf } from './views.ts'
import { isAlive, Watchdog } from './watchdog.ts'
import { Workforce } from './workforce.ts'
import type { World } from './world.ts'

/** Carries out what the lifecycle orders and tells it what happens, one event after the other, until it orders the end. */
export class Loop {
  readonly #world: World
  readonly #workforce: Workforce
  readonly #watchdog: Watchdog
  readonly #waiting: Event[] = []
  readonly #enquiries: Enquiries
  readonly #account = new Account()
  #config: ServerConfig
  /** What a reload that is given up goes back to. */
  #previous: ServerConfig
  #limits: Limits
  #state: State
  #timer: NodeJS.Timeout | undefined
  #trial = new AbortController()
  #end: { readonly resolve: (code: ExitCode) => void; readonly reject: (reason: unknown) => void } | null = null

  constructor(world: World) {
    this.#world = world
    this.#config = world.config
    this.#previous = world.config
    this.#limits = limitsOf(world.config, world.book, world.onTerminal)
    this.#state = initialState(this.#limits, performance.now(), world.heir !== null)
    this.#watchdog = new Watchdog(world.notifier, world.watchdogPeriod)
    world.hooks.follow(() => this.#state)
    const views = viewsOf(world, () => ({ state: this.#state, config: this.#config, account: this.#account }))
    this.#enquiries = new Enquiries(views, (event) => this.#hear(event))
    this.#workforce = new Workforce(world, (event) => this.#hear(event))
  }

  run(): Promise<ExitCode> {
    const watch = watchSources(this.#world, (files) => this.#hear({ type: 'sourcesChanged', files }))
    const ending = new Promise<ExitCode>((resolve, reject) => {
      this.#end = { resolve, reject }
      this.#world.heir?.onAlone(() => this.#hear({ type: 'predecessorGone' }))
      this.#hear({ type: 'begun' })
      // A signal only tells: what to do about it is decided when its turn comes.
      this.#world.ears.listen((event) => this.#hear(event))
    })
    return ending.finally(() => watch?.close())
  }

  ask(request: ControlRequest): ControlAnswer | Promise<ControlAnswer> {
    return this.#enquiries.ask(request)
  }

  #hear(event: Event): void {
    this.#waiting.push(event)
    if (this.#waiting.length > 1 || this.#end === null) return
    try {
      for (let next: Event | undefined = event; next !== undefined; next = this.#waiting[0]) {
        this.#take(next)
        this.#waiting.shift()
      }
    } catch (error) {
      this.#finish()?.reject(error)
    }
  }

  #take(event: Event): void {
    const [before, now] = [this.#state, performance.now()]
    const [after, orders] = step(before, event, now, this.#limits)
    this.#state = after
    this.#account.observe({ event, before, after, orders, now })
    this.#world.measures?.observe({ event, before, after, orders, now })
    for (const order of orders) this.#carryOut(order)
    if (this.#end === null) return
    clearTimeout(this.#timer)
    this.#watchdog.ping(now, isAlive(this.#state, now, this.#limits))
    const wait = Math.min(untilNext(this.#state, now, this.#limits), this.#watchdog.until(now))
    this.#timer = setTimeout(() => this.#hear({ type: 'elapsed' }), wait)
  }

  #carryOut(order: Order): void {
    const { log, notifier } = this.#world
    switch (order.type) {
      case 'spawn':
        return this.#workforce.spawn(order, this.#config, isServed(this.#state, order.slot))
      case 'listen':
        return this.#workforce.listen(order.worker, order.listeners)
      case 'retire':
      case 'kill':
      case 'tellClosing':
        return this.#workforce.dismiss(order)
      case 'try':
      case 'preload':
        return order.type === 'try' ? this.#try() : this.#preload()
      case 'abandonTrial':
        return this.#trial.abort()
      case 'closeStaleListeners':
      case 'restoreConfig':
      case 'closeListeners':
        return this.#changeListeners(order)
      case 'handOver':
        return this.#handOver()
      case 'tidyUp':
      case 'inherit':
      case 'tellPredecessor':
        return this.#heedKin(order)
      case 'reopenLogs':
        if (reopenLogs(log, this.#config)) this.#workforce.broadcast({ type: 'reopenLogs' })
        return
      case 'note':
        return log[order.level]({ event: order.event, ...order.fields }, order.message)
      case 'notify':
      case 'notifyMainPid':
      case 'extendTimeout':
        return inform(notifier, order, log)
      case 'hook':
        return this.#world.hooks.carryOut(order.due)
      case 'answer':
        return this.#enquiries.answer(order.id, order.answer)
      case 'exit':
        return this.#finish()?.resolve(order.code)
    }
  }

  #changeListeners(order: Extract<Order, { type: 'closeStaleListeners' | 'restoreConfig' | 'closeListeners' }>): void {
    const { book } = this.#world
    if (order.type === 'closeListeners') return book.close(order)
    if (order.type === 'closeStaleListeners') book.closeStale(order.listeners)
    else book.restore(order.generation)
    this.#adopt(order.type === 'restoreConfig' ? this.#previous : this.#config)
  }

  #heedKin(order: Extract<Order, { type: 'tidyUp' | 'inherit' | 'tellPredecessor' }>): void {
    if (order.type === 'tidyUp') this.#world.tidyUp(order.successor)
    else if (order.type === 'inherit') this.#world.inherit(this)
    else this.#world.heir?.sayReady()
  }

  #try(): void {
    this.#trial = new AbortController()
    const { signal } = this.#trial
    const generation = this.#state.generation + 1
    tryReload({ ...this.#world, config: this.#config, signal, generation }).then(
      (result) => {
        if (!result.ok) return this.#hear({ type: 'tried', outcome: result })
        if (signal.aborted) return result.draft.giveUp()
        result.draft.take()
        this.#previous = this.#config
        this.#adopt(result.config)
        this.#hear({ type: 'tried', outcome: { ok: true } })
      },
      (error: unknown) => this.#finish()?.reject(error),
    )
  }

  /** From now on the next step goes by this config, and by the listeners that are open. */
  #adopt(config: ServerConfig): void {
    if (config !== this.#config) this.#world.hooks.adopt(config)
    this.#config = config
    this.#limits = limitsOf(config, this.#world.book, this.#world.onTerminal)
  }

  #preload(): void {
    const { signal } = this.#trial
    tryOnce(this.#config, { ...this.#world, signal }).then(
      (failure) => this.#hear({ type: 'preloaded', failure }),
      (error: unknown) => this.#finish()?.reject(error),
    )
  }

  #handOver(): void {
    startSuccessor(this.#world, {
      spawned: (pid) => this.#hear({ type: 'successorSpawned', pid }),
      ready: () => this.#hear({ type: 'successorReady' }),
      gone: (how) => this.#hear({ type: 'successorGone', how }),
    })
  }

  /** After this nothing is heard any more. Returns how to end, once. */
  #finish() {
    const end = this.#end
    this.#end = null
    clearTimeout(this.#timer)
    return end
  }
}
