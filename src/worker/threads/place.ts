import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads'
import type { Tls } from '../../http/tls.ts'

/** What a thread has been given before its first order. */
export type Place = {
  /** From 1. */
  readonly number: number
  /** To the main thread, which is to this thread what the master is to a process. */
  readonly port: MessagePort
  /** When the process began, in nanoseconds of process.hrtime, which all threads of a process share. */
  readonly since: bigint
  /** Read while the process had the rights to. */
  readonly tls: Tls | null
  /** How many requests each thread has begun, by number, as far as it has told. */
  readonly requests: Int32Array
}

/** Tells how many requests a thread has begun, and returns how many all threads of its worker have. */
export function countTogether({ number, requests }: Pick<Place, 'number' | 'requests'>, own: number): number {
  Atomics.store(requests, number - 1, own)
  return requests.reduce((sum, count) => sum + count, 0)
}

/**
 * Takes the place that the main thread has sent ahead; null in a main thread. The thread's `parentPort` stays free for
 * the application, and its `workerData` empty, as they are in a thread that nobody has told anything.
 */
export function takePlace(): Place | null {
  if (parentPort === null) return null
  const received: { readonly message: unknown } | undefined = receiveMessageOnPort(parentPort)
  return (received?.message as Place | undefined) ?? null
}
