import { type ExitCode, exitCodes } from '../contract/exit-codes.ts'
import type { LeavingReason } from '../contract/messages.ts'
import type { OpenRequest } from '../contract/serving.ts'
import type { Logger } from '../log/logger.ts'
import { startBeats } from './beats.ts'
import { Boot } from './boot.ts'
import type { Channel, Order } from './channel.ts'
import { isClientLeft } from './client-left.ts'
import { describeUncaught } from './describe-error.ts'
import { describeRequests } from './describe-requests.ts'
import type { HeldSignal, HeldSignals } from './hold-signals.ts'
import { part } from './part.ts'
import type { Running, Start } from './start-up.ts'
import type { World } from './world.ts'

type Phase =
  | { readonly name: 'waiting' }
  | { readonly name: 'starting'; readonly boot: Boot }
  | { readonly name: 'serving'; readonly order: Start; readonly running: Running }
  | { readonly name: 'leaving'; readonly running: Running; readonly code: ExitCode }
  | { readonly name: 'over' }

type Farewell = { readonly graceMs: number; readonly code?: ExitCode; readonly acceptWaiting?: boolean }

/** What requests in flight get when the master is gone: whoever started it again wants the place to itself soon. */
const orphanGraceMs = 500
/** What the hook of a leaving worker gets when its time is over already, in milliseconds. */
const afterEndMs = 250

type Means = { readonly world: World; readonly channel: Channel; readonly signals: HeldSignals }

/** A worker's life, from the first order to the end. */
export class Life {
  readonly #world: World
  readonly #channel: Channel
  readonly #signals: HeldSignals
  #phase: Phase = { name: 'waiting' }
  #log: Logger | null = null
  #parting: Promise<void> | null = null
  #lastBeat: (() => void) | null = null
  #farewell: Promise<void> | null = null

  constructor({ world, channel, signals }: Means) {
    this.#world = world
    this.#channel = channel
    this.#signals = signals
    process.on('uncaughtException', (error, origin) => this.#stumble(error, origin))
    process.on('exit', (code) => {
      if (this.#phase.name === 'starting') this.#phase.boot.cutShort(code)
    })
  }

  obey(order: Order): void {
    void this.#obey(order)
  }

  orphan(): void {
    void this.#leave({ graceMs: orphanGraceMs })
  }

  /** A TERM to the whole process group reaches a worker beside its master's order to drain, and must not cut that short. */
  hear(signal: HeldSignal): void {
    if (signal !== 'SIGTERM' || this.#phase.name === 'leaving') return
    this.#leaveUnasked('signal')
  }

  async #obey(order: Order): Promise<void> {
    switch (order.type) {
      case 'start':
        return this.#start(order)
      case 'listen':
        return this.#listen(order.listeners)
      case 'drain':
        return this.#leave({ graceMs: order.graceMs, acceptWaiting: true })
      case 'closing':
        return this.#phase.name === 'serving' ? this.#phase.running.readiness.close() : undefined
      case 'reopenLogs':
        return this.#log?.reopen()
    }
  }

  async #start(order: Start): Promise<void> {
    if (this.#phase.name !== 'waiting') return
    const boot = new Boot({
      ...{ order, world: this.#world, channel: this.#channel },
      onLog: (log) => {
        this.#log = log
      },
      onClose: () => this.#serverClosed(),
      onFailed: (code) => this.#end(code),
    })
    this.#phase = { name: 'starting', boot }
    // While it loads, an application that has nothing left to wait for must be noticed.
    this.#channel.keepAlive(false)
    const running = await boot.run()
    if (running !== null && this.#phase.name === 'starting') await this.#serve(order, running)
  }

  async #serve(order: Start, running: Running): Promise<void> {
    if (order.trial) return this.#succeed(running, order.config.gracefulTimeout)
    const { release } = running
    this.#channel.sendNow({ type: 'ready', ...(release === null ? {} : { release }) })
    this.#phase = { name: 'serving', order, running }
    this.#channel.keepAlive(true)
    this.#lastBeat = startBeats(this.#channel, running, { config: order.config, place: this.#world.place })
  }

  /** What was started on trial is shut down too; the master waits for the end of the process. */
  async #succeed(running: Running, graceMs: number): Promise<void> {
    this.#phase = { name: 'leaving', running, code: exitCodes.ok }
    this.#channel.sendNow({ type: 'ready' })
    const { loaded } = running
    if (loaded.shutdown !== null || loaded.close !== null)
      await part({ loaded, signals: null, log: this.#log, graceMs })
    this.#end(exitCodes.ok)
  }

  async #listen(indices: readonly number[]): Promise<void> {
    if (this.#phase.name !== 'serving') return
    try {
      await this.#phase.running.front.listenOn(indices)
    } catch (err) {
      this.#log?.critical({ event: 'worker.cannot-listen', err }, 'the worker cannot listen on what it inherited')
      await this.#leave({ graceMs: 0, code: exitCodes.failure })
    }
  }

  async #serverClosed(): Promise<void> {
    const { name } = this.#phase
    if (name === 'serving') {
      this.#log?.warning({ event: 'worker.server-closed' }, 'the application closed its server: the worker ends')
      this.#leaveUnasked('server-closed')
    }
    if (this.#phase.name === 'leaving')
      await this.#phase.running.front.drain({ graceMs: Number.POSITIVE_INFINITY, acceptWaiting: false })
  }

  /** An error that nobody caught. An application that listens for such errors has its own way with them. */
  #stumble(err: unknown, origin: NodeJS.UncaughtExceptionOrigin): void {
    if (process.listenerCount('uncaughtException') > 1) return
    if (isClientLeft(err, origin)) {
      return this.#log?.debug({ event: 'request.aborted', err }, 'a client left before its request was done')
    }
    if (this.#phase.name === 'starting') return this.#phase.boot.stumble(err)
    const { name } = this.#phase
    const then = name === 'serving' ? '; the worker takes no new connections, finishes its requests and ends' : ''
    this.#log?.error({ event: 'worker.uncaught-error', err }, `${describeUncaught(err, origin)}${then}`)
    if (name === 'serving') this.#leaveUnasked('uncaught-error', exitCodes.failure)
  }

  #leaveUnasked(reason: LeavingReason, code: ExitCode = exitCodes.ok): void {
    const graceMs = this.#phase.name === 'serving' ? this.#phase.order.config.gracefulTimeout : 0
    if (this.#phase.name === 'serving') this.#channel.send({ type: 'leaving', reason })
    if (this.#phase.name === 'starting') this.#channel.sendNow({ type: 'leaving', reason })
    void this.#leave({ graceMs, code })
  }

  async #leave({ graceMs, code = exitCodes.ok, acceptWaiting = false }: Farewell): Promise<void> {
    const phase = this.#phase
    if (phase.name === 'over') return
    if (phase.name !== 'serving' && phase.name !== 'leaving') return this.#end(code)
    if (phase.name === 'serving') this.#phase = { name: 'leaving', running: phase.running, code }
    const end = performance.now() + graceMs
    this.#tellUnanswered(await phase.running.front.drain({ graceMs, acceptWaiting }))
    await this.#bidFarewell(phase.running, end - performance.now())
    const status = this.#phase.name === 'leaving' ? this.#phase.code : code
    if (graceMs > 0) await this.#part(phase.running, { graceMs: end - performance.now(), status })
    this.#end(status)
  }

  /** Before the application is let go, which may end the process by itself. The master waits somewhat longer than it says. */
  #bidFarewell({ hooks }: Running, ms: number): Promise<void> {
    this.#farewell ??= hooks.exit(Math.max(afterEndMs, ms))
    return this.#farewell
  }

  #tellUnanswered(unanswered: readonly OpenRequest[]): void {
    if (unanswered.length === 0) return
    const requests = describeRequests(unanswered)
    const words = `${unanswered.length} requests were cut, because the time for the worker to leave was over`
    this.#log?.warning({ event: 'worker.requests-cut', requests }, `${words}: ${requests.join(', ')}`)
  }

  /** Once, however many reasons there are to leave. */
  #part({ loaded }: Running, { graceMs, status }: { graceMs: number; status: ExitCode }): Promise<void> {
    this.#channel.keepAlive(false)
    const signals = status === exitCodes.ok ? this.#signals : null
    this.#parting ??= part({ loaded, signals, log: this.#log, graceMs })
    return this.#parting
  }

  #end(code: ExitCode): void {
    this.#phase = { name: 'over' }
    this.#lastBeat?.()
    this.#log?.flush()
    this.#world.exit(code)
  }
}
