import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Waiting } from '../until.ts'
import type { Client, Tally } from './client.ts'

/** Ids of the requests that the application (test/apps/ledger.mjs) carried out, as often as it did. */
export function carriedOut(ledger: string): readonly string[] {
  return readdirSync(ledger).flatMap((name) => readFileSync(join(ledger, name), 'utf8').split('\n').filter(Boolean))
}

/**
 * Compares what clients asked for and were told with what the application did. Everything that is wrong, in words:
 * a request that was lost, one that was carried out and not answered, or carried out twice.
 */
export function complaints(tallies: readonly Tally[], ledger: string): readonly string[] {
  const done = carriedOut(ledger)
  const times = new Map<string, number>()
  for (const id of done) times.set(id, (times.get(id) ?? 0) + 1)
  const answered = new Set(tallies.flatMap((tally) => [...tally.answered]))
  return [
    ...tallies.flatMap(({ kind, lost }) => lost.map((how) => `${kind}: ${how}`)),
    ...tallies.filter(({ answered }) => answered.size === 0).map(({ kind }) => `${kind}: never answered`),
    ...[...times].filter(([, count]) => count > 1).map(([id]) => `${id} was carried out twice`),
    ...[...times.keys()].filter((id) => !answered.has(id)).map((id) => `${id} was carried out and not answered`),
  ]
}

export type Fleet = AsyncDisposable & {
  readonly clients: readonly Client[]
  /** Waits until each client has had so many more answers. */
  readonly progress: (answers: number, waiting?: Waiting) => Promise<void>
  /** Stops all and returns what is wrong. */
  readonly settle: () => Promise<readonly string[]>
  readonly tallies: () => readonly Tally[]
}

/** Clients that are counted together. */
export function fleetOf(clients: readonly Client[], ledger: string): Fleet {
  const stop = () => Promise.all(clients.map((client) => client.stop()))
  return {
    clients,
    tallies: () => clients.map(({ tally }) => tally),
    progress: async (answers, waiting) =>
      void (await Promise.all(clients.map((client) => client.progress(answers, waiting)))),
    settle: async () => complaints(await stop(), ledger),
    [Symbol.asyncDispose]: async () => void (await stop()),
  }
}
