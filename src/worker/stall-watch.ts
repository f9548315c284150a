import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { channelFd } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { StallThreadData } from './stall-thread.ts'
import type { Place } from './threads/place.ts'

/** Under this name whoever looks into an event loop that stands still finds who can tell what it was serving. */
export const inFlightSymbol = 'tsicorn.requestsInFlight'

export function exposeInFlight(requestsInFlight: () => readonly string[]): void {
  Object.defineProperty(globalThis, Symbol.for(inFlightSymbol), { value: requestsInFlight })
}

type WatchSettings = Pick<ServerConfig, 'stallTrace' | 'timeout'>

export type StallWatch = {
  /** To be called as long as the event loop turns, from when the worker serves. */
  readonly turn: () => void
  /** Resolves once the thread watches, or cannot. */
  readonly begun: Promise<void>
}

/**
 * Watches the event loop from a thread of its own. A loop that stands still cannot tell why; the thread can pause it
 * through the inspector's protocol, without a port, and read where it is. It also ends a worker whose loop stands still
 * when the master is gone. It costs about 10 MB. Null where nobody wants it.
 */
export function watchStalls({ stallTrace, timeout }: WatchSettings, place: Place | null): StallWatch | null {
  // Threads are watched by the main thread of their worker.
  if (!stallTrace || place !== null) return null
  const turns = new Int32Array(new SharedArrayBuffer(4))
  const workerData: StallThreadData = { turns, timeout, channelFd, parent: process.ppid, inFlightSymbol }
  const file = new URL(`./stall-thread${extname(import.meta.url)}`, import.meta.url)
  const thread = new Worker(file, { workerData, stdin: false, name: 'tsicorn stall watch' })
  const begun = new Promise<void>((resolve) => {
    for (const event of ['message', 'error', 'exit']) thread.on(event, () => resolve())
  }).then(() => thread.unref())
  // Without it a worker does all it should but say where it got stuck.
  thread.on('error', () => {})
  return { turn: () => void Atomics.add(turns, 0, 1), begun }
}
