import { Failure } from '../contract/errors.ts'
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts'
import type { Logger } from '../log/logger.ts'
import { loadFailure } from './blame.ts'
import type { Channel } from './channel.ts'
import { type Running, type Start, startUp } from './start-up.ts'
import type { World } from './world.ts'

export type BootOptions = {
  readonly order: Start
  readonly world: World
  readonly channel: Channel
  readonly onLog: (log: Logger) => void
  /** What happens when the application closes its server: resolves when no connection is left. */
  readonly onClose: () => Promise<void>
  /** The master has been told why; the process is to end with this status. */
  readonly onFailed: (code: ExitCode) => void
}

/** A worker on its way to be ready. Whatever goes wrong meanwhile, wherever it comes from, is told to the master once. */
export class Boot {
  readonly #options: BootOptions
  #step = 'starting'
  #over = false

  constructor(options: BootOptions) {
    this.#options = options
  }

  /** Resolves with the application behind its front door, or null after a failure. */
  async run(): Promise<Running | null> {
    const { order, world, onLog, onClose } = this.#options
    const timer = this.#limit(order.config.bootTimeout)
    const onStep = (step: string): void => {
      this.#step = step
    }
    try {
      const running = await startUp({ ...world, order, onLog, onStep, onClose })
      // What nobody caught while it was loaded is told once the event loop turns, and is a failure to start.
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#over) return null
      this.#over = true
      return running
    } catch (error) {
      this.fail(error)
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  fail(error: unknown): void {
    if (this.#over) return
    this.#over = true
    const failure = error instanceof Failure ? error : loadFailure('the worker cannot start', error)
    const stage = failure.code === 'APP_LOAD' ? 'load' : 'boot'
    this.#options.channel.sendNow({ type: 'failed', stage, message: failure.message, fix: failure.fix ?? null })
    this.#options.onFailed(stage === 'load' ? exitCodes.appLoad : exitCodes.workerBoot)
  }

  /** An error that nobody caught. */
  stumble(error: unknown): void {
    this.fail(loadFailure(`${this.#options.order.config.app} throws while it starts`, error))
  }

  /** The process ends, and it was not us who ended it. */
  cutShort(status: number): void {
    const words = `${this.#options.order.config.app} ended its process with status ${status} while it was loaded`
    const fix = 'See what it printed before; something in it calls process.exit().'
    this.fail(new Failure('APP_LOAD', words, { fix }))
  }

  /**
   * The master would kill a worker that takes too long; the worker itself can say what it is waiting for. Both count
   * from the start of the process.
   */
  #limit(bootTimeout: number): NodeJS.Timeout {
    const giveUp = (): void => {
      const words = `the application was not ready within ${bootTimeout / 1000} s (--boot-timeout): still ${this.#step}`
      this.fail(new Failure('WORKER_BOOT', words))
    }
    const { place } = this.#options.world
    const passed = place === null ? performance.now() : Number(process.hrtime.bigint() - place.since) / 1e6
    const left = bootTimeout - Math.min(1000, bootTimeout / 10) - passed
    return setTimeout(giveUp, Math.max(0, left)).unref()
  }
}
