import type { ToWorker } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { threadsOf } from '../settings/worker-class.ts'
import type { Event, Order } from './events.ts'
import { Garbage } from './garbage.ts'
import { MemoryKills } from './memory-kills.ts'
import { patience } from './stand-back.ts'
import { startOrder } from './start-order.ts'
import { workerEnvironment } from './worker-environment.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'
import type { World } from './world.ts'

type Member = {
  readonly process: WorkerProcess
  /** Ids of the listeners it inherited, in the order it knows them by. */
  readonly listeners: readonly number[]
}

type Surroundings = Pick<World, 'book' | 'env' | 'log' | 'syslog'>

type SpawnOrder = { readonly worker: number; readonly slot: number; readonly generation: number }

/** The worker processes by their ids. */
export class Workforce {
  readonly #world: Surroundings
  readonly #tell: (event: Event) => void
  readonly #garbage = new Garbage()
  readonly #memoryKills = new MemoryKills()
  readonly #members = new Map<number, Member>()

  constructor(world: Surroundings, tell: (event: Event) => void) {
    this.#world = world
    this.#tell = tell
  }

  /** Starts a worker; one whose slot is served meanwhile stands back behind those who serve. */
  spawn({ worker, slot, generation }: SpawnOrder, config: ServerConfig, isServed: boolean): void {
    const { infos, descriptors, ids } = this.#world.book.handOver()
    try {
      const order = startOrder({ worker, slot, generation, listeners: infos, trial: false, isServed }, config)
      const env = workerEnvironment(this.#world.env, config)
      // Each thread of a worker has descriptors of its own: one that listens closes what it listened on.
      const copies = Array.from({ length: threadsOf(config) ?? 1 }, () => descriptors).flat()
      const standsBackFor = isServed ? patience(config) : 0
      const plan = { descriptors: copies, env, order, surroundings: this.#world, standsBackFor }
      const process = startWorker(plan, this.#eventsOf(worker))
      this.#members.set(worker, { process, listeners: ids })
    } catch (error) {
      this.#tell({ type: 'unspawnable', worker, message: (error as Error).message })
    }
  }

  listen(worker: number, ids: readonly number[]): void {
    const known = this.#members.get(worker)?.listeners ?? []
    const listeners = ids.map((id) => known.indexOf(id)).filter((index) => index >= 0)
    this.send(worker, { type: 'listen', listeners })
  }

  send(worker: number, message: ToWorker<ServerConfig>): void {
    this.#members.get(worker)?.process.send(message)
  }

  broadcast(message: ToWorker<ServerConfig>): void {
    for (const { process } of this.#members.values()) process.send(message)
  }

  dismiss(order: Extract<Order, { type: 'retire' | 'kill' | 'tellClosing' }>): void {
    if (order.type === 'kill') this.#members.get(order.worker)?.process.kill()
    else if (order.type === 'tellClosing') this.broadcast({ type: 'closing' })
    else this.send(order.worker, { type: 'drain', graceMs: order.graceMs })
  }

  #eventsOf(worker: number) {
    return {
      spawned: (pid: number) => this.#tell({ type: 'spawned', worker, pid }),
      said: (message: Extract<Event, { type: 'said' }>['message']) => this.#tell({ type: 'said', worker, message }),
      exited: (code: number | null, signal: string | null) => {
        this.#members.delete(worker)
        this.#garbage.left()
        const oom = signal === 'SIGKILL' ? this.#memoryKills.claim(performance.now()) : null
        this.#tell({ type: 'exited', worker, code, signal, oom })
      },
      unspawnable: (message: string) => {
        this.#members.delete(worker)
        this.#tell({ type: 'unspawnable', worker, message })
      },
    }
  }
}
