import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import koffi from 'koffi'
import { formatAddress, type ListenerInfo } from '../../src/contract/listeners.ts'
import { firstListenerFd, type ToMaster, type ToWorker } from '../../src/contract/messages.ts'
import type { ServerConfig } from '../../src/settings/server-table.ts'
import { serverTable } from '../../src/settings/server-table.ts'
import { lookupUser } from '../../src/system/user.ts'
import { until, type Waiting } from './until.ts'

const entry = fileURLToPath(new URL('../../src/worker/main.ts', import.meta.url))

/** A listening descriptor that this process holds and never accepts on, as the master does. */
export type HeldListener = Disposable & {
  readonly fd: number
  readonly info: Omit<ListenerInfo, 'fd'>
  readonly target: { readonly port: number } | { readonly socketPath: string }
}

const library = koffi.load(null)
const socket = library.func('int socket(int, int, int)')
const bind = library.func('int bind(int, const void *, uint32)')
const listen = library.func('int listen(int, int)')
const getsockname = library.func('int getsockname(int, void *, void *)')

const [unixFamily, ipv4Family, closeOnExecStream] = [1, 2, 1 | 0o2000000]

/** Opens a TCP listener on a free port of 127.0.0.1, or a unix socket at the path. */
export function holdListener(path?: string): HeldListener {
  const fd: number = socket(path === undefined ? ipv4Family : unixFamily, closeOnExecStream, 0)
  const name =
    path === undefined ? Buffer.from([ipv4Family, 0, 0, 0, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]) : unixName(path)
  if (bind(fd, name, name.length) < 0 || listen(fd, 512) < 0)
    throw new Error(`cannot listen on ${path ?? 'a free port'}`)
  const address =
    path === undefined ? { kind: 'tcp' as const, host: '127.0.0.1', port: portOf(fd) } : { kind: 'unix' as const, path }
  return {
    fd,
    info: { address, label: formatAddress(address), slot: null },
    target: address.kind === 'tcp' ? { port: address.port } : { socketPath: address.path },
    [Symbol.dispose]: () => closeSync(fd),
  }
}

function portOf(fd: number): number {
  const name = Buffer.alloc(128)
  getsockname(fd, name, Uint32Array.of(name.length))
  return name.readUInt16BE(2)
}

function unixName(path: string): Buffer {
  return Buffer.concat([Buffer.from([unixFamily, 0]), Buffer.from(`${path}\0`)])
}

export type WorkerPlan = {
  readonly app: string
  readonly listeners?: readonly HeldListener[]
  readonly config?: Partial<ServerConfig>
  readonly env?: Readonly<Record<string, string>>
  readonly trial?: boolean
  readonly isServed?: boolean
  readonly slot?: number
}

export type TestWorker = AsyncDisposable & {
  readonly child: ChildProcess
  readonly pid: number
  readonly send: (message: ToWorker<ServerConfig>) => void
  /** All that the worker has said to its master so far. */
  readonly said: () => readonly ToMaster[]
  /** Waits until the worker has said something of the type, and returns the first of it. */
  readonly says: <Type extends ToMaster['type']>(
    type: Type,
    waiting?: Waiting,
  ) => Promise<Extract<ToMaster, { type: Type }>>
  /** Waits until it is ready and tells it to accept on everything. */
  readonly serve: () => Promise<void>
  readonly drain: (graceMs: number) => void
  /** Waits for its end, and returns the exit status, or the signal that ended it. */
  readonly ended: (waiting?: Waiting) => Promise<number | string>
  /** What it wrote to stdout and stderr. */
  readonly log: () => string
  /** Closes the channel, as the death of the master does. */
  readonly hangUp: () => void
}

const defaults = Object.fromEntries(
  Object.entries(serverTable).map(([name, row]) => [name, row.default]),
) as unknown as ServerConfig

/** Runs the worker's program with this process as its master: `await using worker = startWorker({ app })`. */
export function startWorker(plan: WorkerPlan): TestWorker {
  const listeners = plan.listeners ?? []
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...listeners.map(({ fd }) => fd)],
    env: { ...process.env, ...plan.env },
  })
  const channel = child.stdio[firstListenerFd - 1] as unknown as Duplex
  const send = (message: ToWorker<ServerConfig>): void => void channel.write(`${JSON.stringify(message)}\n`)
  const { said, log, end } = follow(child, channel)
  const says = <Type extends ToMaster['type']>(type: Type, waiting?: Waiting) =>
    until(
      () => {
        const found = said.find((message) => message.type === type)
        return found as Extract<ToMaster, { type: Type }> | undefined
      },
      { what: `the worker to say ${type}`, ...waiting },
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it ended with ${end()}; its log: ${log()}`)
    })
  send(startOrder(plan))
  return {
    ...{ child, pid: child.pid ?? 0, send, says, log, said: () => said },
    serve: async () => {
      // Its program is compiled first, which on a busy machine takes its time.
      await says('ready', { within: 60_000 })
      send({ type: 'listen', listeners: listeners.map((_, index) => index) })
    },
    drain: (graceMs) => send({ type: 'drain', graceMs }),
    ended: async (waiting) => {
      await until(() => end() !== null, { what: `the worker to end; its log: ${log()}`, ...waiting })
      return end() ?? 'nothing'
    },
    hangUp: () => void channel.destroy(),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await until(() => end() !== null)
    },
  }
}

function startOrder(plan: WorkerPlan): ToWorker<ServerConfig> {
  return {
    ...{
      type: 'start',
      worker: 1,
      slot: plan.slot ?? 1,
      generation: 1,
      trial: plan.trial ?? false,
      isServed: plan.isServed ?? false,
    },
    config: { ...defaults, app: plan.app, ...plan.config },
    identity: lookupUser(plan.config?.user ?? null, plan.config?.group ?? null),
    listeners: (plan.listeners ?? []).map(({ info }, index) => ({ ...info, fd: firstListenerFd + index })),
  }
}

/** Keeps what a worker says, writes, and how it ends. */
function follow(child: ChildProcess, channel: Duplex) {
  const said: ToMaster[] = []
  let log = ''
  let end: number | string | null = null
  const keep = (chunk: Buffer): void => {
    log += chunk.toString()
  }
  channel.on('error', () => {})
  onLine(channel, (line) => said.push(JSON.parse(line) as ToMaster))
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.once('close', (code, signal) => {
    end = code ?? signal
  })
  return { said, log: () => log, end: () => end }
}

function onLine(stream: Duplex, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
}
