import { Failure } from '../../contract/errors.ts'
import { type ExitCode, exitCodes } from '../../contract/exit-codes.ts'
import type { LeavingReason, ToMaster } from '../../contract/messages.ts'
import type { Logger } from '../../log/logger.ts'
import { threadsOf } from '../../settings/worker-class.ts'
import { beatPause } from '../beats.ts'
import { loadFailure } from '../blame.ts'
import type { Channel, Order } from '../channel.ts'
import { describeError } from '../describe-error.ts'
import { enter } from '../enter.ts'
import type { HeldSignal } from '../hold-signals.ts'
import { type LifeSpan, lifeSpan, whyDue } from '../life-span.ts'
import { measureRss } from '../measure-rss.ts'
import type { Start } from '../start-up.ts'
import type { World } from '../world.ts'
import { openCrewLog } from './crew-log.ts'
import { startOf, unbooted } from './orders.ts'
import { RollCall } from './roll-call.ts'
import { startThread, type Thread } from './thread.ts'
import { traceThread } from './trace.ts'

/** How long a thread may be silent before it is looked into, as a part of `timeout`: before the master kills the worker. */
const share = 0.7
/** When the master is gone the threads have half a second for their requests; nothing may outlive it for long. */
const orphanMs = 1500

/**
 * The main thread of a worker whose event loops are threads. To each of them it is what the master is to a worker, and
 * to the master it is one worker: ready when all are, silent when one is, and leaving when one leaves.
 */
export class Crew {
  readonly #world: World
  readonly #channel: Channel
  readonly #roll = new RollCall()
  readonly #threads = new Map<number, Thread>()
  readonly #booting = new Set<number>()
  #phase: 'waiting' | 'booting' | 'serving' | 'leaving' | 'over' = 'waiting'
  #start: Start | null = null
  #log: Logger | null = null
  #due = false
  #rssBytes = 0
  #limits: LifeSpan = { requests: Number.POSITIVE_INFINITY, rssBytes: Number.POSITIVE_INFINITY }
  #code: ExitCode = exitCodes.ok

  constructor({ world, channel }: { readonly world: World; readonly channel: Channel }) {
    this.#world = world
    this.#channel = channel
  }

  obey(order: Order): void {
    if (order.type === 'start') return this.#begin(order)
    if (order.type === 'drain') this.#phase = 'leaving'
    if (order.type === 'reopenLogs') this.#log?.reopen()
    this.#broadcast(order)
    if (this.#threads.size === 0) this.#end()
  }

  hear(signal: HeldSignal): void {
    if (signal === 'SIGTERM') this.#leave('signal')
  }

  orphan(): void {
    this.#phase = 'leaving'
    for (const thread of this.#threads.values()) thread.hangUp()
    setTimeout(() => this.#end(), orphanMs)
  }

  #begin(order: Start): void {
    if (this.#phase !== 'waiting') return
    const { config } = order
    const since = process.hrtime.bigint() - BigInt(Math.round(performance.now() * 1e6))
    try {
      const tls = enter(order)
      this.#phase = 'booting'
      this.#start = order
      this.#limits = lifeSpan(config)
      this.#log = openCrewLog({ order, env: this.#world.env, onStumble: () => this.#stumble() })
      const requests = new Int32Array(new SharedArrayBuffer(4 * (threadsOf(config) ?? 1)))
      for (const at of requests.keys()) this.#launch(order, { number: at + 1, since, tls, requests })
    } catch (error) {
      const { message, fix } = error instanceof Failure ? error : loadFailure('the worker cannot start', error)
      this.#fail({ type: 'failed', stage: 'boot', message, fix: fix ?? null })
    }
  }

  #launch(order: Start, place: Parameters<typeof startThread>[0]): void {
    const { number } = place
    this.#booting.add(number)
    const thread = startThread(place, {
      said: (message) => this.#take(number, message),
      exited: (code, error) => this.#mourn(number, code, error),
    })
    this.#threads.set(number, thread)
    thread.send(startOf(order, number, this.#limits))
  }

  #take(number: number, message: ToMaster): void {
    switch (message.type) {
      case 'ready':
        return this.#welcome(number, message)
      case 'failed':
        return this.#fail(message)
      case 'beat':
        this.#roll.heard(number, message, performance.now())
        return this.#beat()
      case 'leaving':
        return this.#leave(message.reason)
      case 'recycle':
        return this.#retire(message)
      default:
        return this.#channel.send(message)
    }
  }

  #welcome(number: number, ready: Extract<ToMaster, { type: 'ready' }>): void {
    this.#booting.delete(number)
    if (this.#booting.size > 0 || this.#phase !== 'booting') return
    this.#phase = this.#start?.trial === true ? 'leaving' : 'serving'
    this.#channel.sendNow(ready)
    if (this.#phase === 'leaving' || this.#start === null) return
    for (const serving of this.#threads.keys()) this.#roll.expect(serving, performance.now())
    const { timeout } = this.#start.config
    if (timeout > 0) setInterval(() => this.#watch(timeout), beatPause(timeout)).unref()
  }

  #fail(message: Extract<ToMaster, { type: 'failed' }>): void {
    if (this.#phase === 'over') return
    this.#channel.sendNow(message)
    this.#end(message.stage === 'load' ? exitCodes.appLoad : exitCodes.workerBoot)
  }

  #beat(): void {
    if (!this.#roll.isComplete) return
    this.#rssBytes = measureRss(this.#rssBytes)
    const beat = this.#roll.take(this.#rssBytes)
    this.#channel.send(beat)
    const reason = whyDue(this.#limits, beat)
    if (reason !== null) this.#retire({ type: 'recycle', reason, requests: beat.requests, rssBytes: beat.rssBytes })
  }

  /** Once, whoever notices first. */
  #retire(due: Extract<ToMaster, { type: 'recycle' }>): void {
    if (this.#due) return
    this.#due = true
    this.#channel.send(due)
  }

  #watch(timeout: number): void {
    for (const number of this.#roll.silentSince(performance.now() - timeout * share)) {
      const thread = this.#threads.get(number)
      if (thread === undefined) continue
      traceThread(thread.id, ({ stack, requests }) => {
        const frames = stack.length > 0 ? stack : ['an unknown place']
        // Each frame by itself, for any of them may be the one that is told.
        this.#channel.send({ type: 'stalled', stack: frames.map((frame) => `thread ${number}: ${frame}`), requests })
      })
    }
  }

  #stumble(): void {
    this.#code = exitCodes.failure
    this.#leave('uncaught-error')
  }

  /** One thread goes, or the whole worker is told to: all finish their requests. */
  #leave(reason: LeavingReason): void {
    if (this.#phase === 'leaving' || this.#phase === 'over') return
    this.#channel.sendNow({ type: 'leaving', reason })
    if (this.#phase !== 'serving') return this.#end()
    this.#phase = 'leaving'
    this.#broadcast({ type: 'drain', graceMs: this.#start?.config.gracefulTimeout ?? 0 })
  }

  #mourn(number: number, code: number, error: unknown): void {
    this.#threads.delete(number)
    this.#roll.gone(number)
    if (code !== 0) this.#code = exitCodes.failure
    const tried = this.#start?.trial === true && !this.#booting.has(number)
    if (this.#phase === 'booting' && !tried) return this.#fail(unbooted(number, code, error))
    if (this.#phase === 'serving') {
      const why = error === null ? 'process.exit in the application?' : describeError(error)
      const words = `thread ${number} ended with status ${code} (${why}); the other threads finish their requests`
      this.#log?.error({ event: 'worker.thread-ended', thread: number }, words)
      this.#leave('thread-ended')
    }
    if (this.#threads.size === 0) this.#end()
  }

  #broadcast(order: Order): void {
    for (const thread of this.#threads.values()) thread.send(order)
  }

  #end(code: ExitCode = this.#code): void {
    if (this.#phase === 'over') return
    if (this.#phase === 'leaving') this.#channel.sendNow(this.#roll.take(this.#rssBytes))
    this.#phase = 'over'
    this.#log?.flush()
    this.#world.exit(code)
  }
}
