import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { ToMaster } from '../../contract/messages.ts'
import type { Order } from '../channel.ts'
import type { Place } from './place.ts'

export type ThreadEvents = {
  readonly said: (message: ToMaster) => void
  /** The thread is gone and everything it said has been heard, and printed. The error is what the thread could not survive, or null. */
  readonly exited: (code: number, error: unknown) => void
}

export type Thread = {
  /** As node:worker_threads counts them. */
  readonly id: number
  readonly send: (order: Order) => void
  /** What the death of the master is to a process. */
  readonly hangUp: () => void
}

/** How long the last words of a thread may take to be printed, in milliseconds. */
const printMs = 250

const entry = new URL(`../main${extname(import.meta.url)}`, import.meta.url)

/** Starts the worker's program once more, in a thread of this process. */
export function startThread(place: Omit<Place, 'port'>, { said, exited }: ThreadEvents): Thread {
  // Listening descriptors are closed by the thread, and were not opened by it: Node would warn of that.
  const trackUnmanagedFds = false
  const thread = new Worker(entry, {
    argv: [],
    stdin: false,
    trackUnmanagedFds,
    name: `tsicorn thread ${place.number}`,
  })
  const { port1: ours, port2: port } = new MessageChannel()
  thread.postMessage({ ...place, port } satisfies Place, [port])
  let fatal: unknown = null
  ours.on('message', said)
  thread.on('error', (error) => {
    fatal = error
  })
  thread.once('exit', (code) => {
    for (let last = receive(ours); last !== undefined; last = receive(ours)) said(last.message as ToMaster)
    ours.close()
    void printed([thread.stdout, thread.stderr]).then(() => exited(code, fatal))
  })
  return { id: thread.threadId, send: (order) => ours.postMessage(order), hangUp: () => ours.close() }
}

/** What a thread prints goes through the main thread; it is waited for, unless nobody reads it. */
async function printed(streams: readonly Readable[]): Promise<void> {
  const signal = AbortSignal.timeout(printMs)
  await Promise.allSettled(streams.map((stream) => finished(stream, { signal })))
}

function receive(port: MessagePort): { readonly message: unknown } | undefined {
  return receiveMessageOnPort(port)
}
