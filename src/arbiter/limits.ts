import type { ServerConfig } from '../settings/server-table.ts'
import { availableWorkers } from '../system/cpu-count.ts'
import type { ListenerBook } from './listener-book.ts'
import type { Limits } from './state.ts'

/** What the settings and the open listeners say to the lifecycle. */
export function limitsOf(config: ServerConfig, book: ListenerBook, onTerminal: boolean): Limits {
  const { timeout, bootTimeout, gracefulTimeout, drainDelay, reloadBatch } = config
  return {
    ...{ timeout, bootTimeout, gracefulTimeout, drainDelay, onTerminal, reloadBatch },
    workers: workerCount(config),
    preload: config.preload,
    waitsForChange: config.reload,
    listeners: book.slots,
  }
}

export function workerCount(config: ServerConfig): number {
  return config.workers === 'auto' ? availableWorkers().count : config.workers
}
