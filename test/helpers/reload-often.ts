import { descriptorsOf } from './process-figures.ts'
import type { Server } from './start-server.ts'
import { until } from './until.ts'

/** What the descriptors of each process lead to, in the order of the alphabet. */
export type Figures = { readonly master: readonly string[]; readonly workers: readonly (readonly string[])[] }

/** So many looks in a row that see the same: they last longer than the pause between two heartbeats. */
const manyLooks = 30

/**
 * Descriptors of the master and of each of its workers, once all that leave have left and nothing changes any more.
 * A process that has just begun still reads files, and one that tells how it is reads /proc/self/stat.
 */
export async function figuresOf(server: Server, workers: number): Promise<Figures> {
  let last = ''
  let same = 0
  return until(
    () => {
      const pids = server.workers()
      const figures = { master: descriptorsOf(server.pid), workers: pids.map(descriptorsOf) }
      const text = JSON.stringify([pids, figures])
      same = text === last ? same + 1 : 0
      last = text
      return pids.length === workers && same >= manyLooks ? figures : null
    },
    { within: 30_000, what: `${workers} workers whose descriptors stay the same` },
  )
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
