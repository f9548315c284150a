import { type ChildProcess, spawn } from 'node:child_process'
import { extname } from 'node:path'
import { Duplex, type Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { channelFd, type StartOrder, type ToMaster, type ToWorker } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { standBack } from '../system/precedence.ts'
import { makeTether } from '../system/tether.ts'
import { workerFlags } from './worker-flags.ts'
import { type Prepared, prepareOutlets, type StdioEnd, type Surroundings } from './worker-outlets.ts'

/** The worker's program, forked by path: the master never loads what a worker loads. */
const entry = fileURLToPath(new URL(`../worker/main${extname(import.meta.url)}`, import.meta.url))

/** A line longer than this is no message of ours. */
const longestLine = 1 << 20

export type WorkerProcess = { readonly send: (message: ToWorker<ServerConfig>) => void; readonly kill: () => void }

export type WorkerEvents = {
  readonly spawned: (pid: number) => void
  readonly said: (message: ToMaster) => void
  /** The process is gone and everything it said has been heard. */
  readonly exited: (code: number | null, signal: string | null) => void
  readonly unspawnable: (message: string) => void
}

export type WorkerPlan = {
  /** Listening descriptors to hand over, in the order of the start order's list. */
  readonly descriptors: readonly number[]
  readonly env: NodeJS.ProcessEnv
  readonly order: StartOrder<ServerConfig>
  /** Null where nothing of the kind is there yet: the worker prints where we do. */
  readonly surroundings: Surroundings | null
  /** For so many milliseconds of its start those who serve go first; 0 where nobody does. */
  readonly standsBackFor: number
}

/** Starts a worker process and gives it its first order. Throws SystemError where its output cannot be captured. */
export function startWorker(plan: WorkerPlan, events: WorkerEvents): WorkerProcess {
  const prepared = prepare(plan)
  const { capture, outlets, stdio } = prepared
  const tether = makeTether()
  const child = born(tether === null ? stdio : [...stdio, tether.end], plan.env)
  if (typeof child === 'string') {
    tether?.release()
    capture?.begin(null)
    process.nextTick(() => events.unspawnable(refusal(child)))
    return { send: () => {}, kill: () => {} }
  }
  capture?.begin(child.pid ?? null)
  if (child.pid !== undefined) tether?.tie(child.pid)
  const position = standBack(child.pid ?? 0, plan.standsBackFor)
  listenToLife(child, events, () => {
    position?.forget()
    tether?.release()
    capture?.finish()
  })
  // Without a descriptor to spare there is no list either, whatever the types say.
  const channel = (child.stdio as ChildProcess['stdio'] | undefined)?.[channelFd]
  if (!(channel instanceof Duplex)) return { send: () => {}, kill: () => child.kill('SIGKILL') }
  // A worker that dies takes its end of the channel with it; its exit is what we go by.
  channel.on('error', () => {})
  const said = (message: ToMaster): void => {
    if (message.type === 'ready') position?.end()
    // From here on its event loop is watched from within.
    if (message.type === 'ready' && !plan.order.trial) tether?.release()
    events.said(message)
  }
  readLines(channel, (line) => hear(line, said))
  const send = (message: ToWorker<ServerConfig>): void => {
    if (channel.writable) channel.write(`${JSON.stringify(message)}\n`)
  }
  const order = outlets === undefined ? plan.order : { ...plan.order, outlets }
  send(tether === null ? order : { ...order, tether: stdio.length })
  return { send, kill: () => child.kill('SIGKILL') }
}

function prepare({ descriptors, order, surroundings }: WorkerPlan): Prepared {
  if (surroundings === null)
    return { stdio: ['ignore', 'inherit', 'inherit', 'pipe', ...descriptors], outlets: undefined, capture: null }
  const { captureOutput } = order.config
  return prepareOutlets({ ...surroundings, descriptors, captureOutput, worker: order.worker })
}

/** Most refusals of the system come as an event; for want of memory, say, Node throws. */
function born(stdio: readonly StdioEnd[], env: NodeJS.ProcessEnv): ChildProcess | string {
  try {
    return spawn(process.execPath, [...flagsFor(env), entry], { stdio: [...stdio], env })
  } catch (error) {
    return (error as Error).message
  }
}

function refusal(why: string): string {
  return `the system refuses to start a process: ${why}`
}

function flagsFor(env: NodeJS.ProcessEnv): readonly string[] {
  const { execArgv, allowedNodeEnvironmentFlags: known } = process
  return workerFlags({ execArgv, nodeOptions: env['NODE_OPTIONS'], known })
}

function listenToLife(child: ChildProcess, events: WorkerEvents, beforeTheEnd: () => void): void {
  let spawned = false
  child.once('spawn', () => {
    spawned = true
    if (child.pid !== undefined) events.spawned(child.pid)
  })
  child.once('error', (error) => {
    if (!spawned) events.unspawnable(refusal(error.message))
  })
  // `close` comes after the channel has ended too, so that a last word is not missed.
  child.once('close', (code, signal) => {
    beforeTheEnd()
    if (spawned) events.exited(code, signal)
  })
}

function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) rest = ''
    for (const line of lines) take(line)
  })
}

/** The application shares the worker's descriptors, so a line may be anybody's: what is no message is passed over. */
function hear(line: string, said: (message: ToMaster) => void): void {
  let message: unknown
  try {
    message = JSON.parse(line)
  } catch {
    return
  }
  if (typeof message === 'object' && message !== null && 'type' in message) said(message as ToMaster)
}
