import { readdirSync } from 'node:fs'
import { firstListenerFd } from '../../src/contract/messages.ts'
import { rawSocket } from './raw-socket.ts'
import { until } from './until.ts'
import { type HeldListener, holdListener, startWorker, type TestWorker, type WorkerPlan } from './worker-harness.ts'

export type Serving = AsyncDisposable & { readonly listener: HeldListener; readonly worker: TestWorker }

/** A worker that serves, on a TCP listener of its own. */
export async function serving(app: string, config: WorkerPlan['config'] = {}): Promise<Serving> {
  const listener = holdListener()
  const worker = startWorker({ app: `test/apps/${app}`, listeners: [listener], config })
  await worker.serve()
  return {
    listener,
    worker,
    [Symbol.asyncDispose]: async () => {
      await worker[Symbol.asyncDispose]()
      listener[Symbol.dispose]()
    },
  }
}

export const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`
export const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** Tells the worker to drain, and waits until it has let go of the listener: its descriptor is no longer open. */
export async function beginDrain({ worker }: Serving, graceMs = 10_000): Promise<void> {
  worker.drain(graceMs)
  const descriptors = `/proc/${worker.pid}/fd`
  await until(() => !readdirSync(descriptors).includes(String(firstListenerFd)), { what: 'the listener to be closed' })
}

/** Whether anybody answers there: what waits in the queue of a listener is not answered. */
export async function accepts({ target }: HeldListener): Promise<boolean> {
  await using socket = await rawSocket(target)
  socket.write(get('/', 'Connection: close\r\n'))
  return until(() => socket.received() !== '' || null, { within: 250 }).then(
    () => true,
    () => false,
  )
}
