import { countDescriptors } from './process-figures.ts'
import type { Server } from './start-server.ts'
import { until } from './until.ts'

export type Figures = { readonly master: number; readonly workers: readonly number[] }

/** Descriptors of the master and of each of its workers, once all that leave have left. */
export async function figuresOf(server: Server, workers: number): Promise<Figures> {
  await until(() => server.workers().length === workers, { what: `${workers} workers and nobody who leaves` })
  return { master: countDescriptors(server.pid), workers: server.workers().map(countDescriptors) }
}

/** Reloads a server with `workers` workers so many times, one after the other, and returns the figures of the end. */
export async function reloadOften(server: Server, { times, workers }: { times: number; workers: number }) {
  const done = (): number => server.log.filter((line) => /reloaded:/.test(line)).length
  for (let round = 0; round < times; round++) {
    const before = done()
    server.signal('SIGHUP')
    await until(() => done() > before, { what: `reload ${round + 1}` })
  }
  return figuresOf(server, workers)
}
