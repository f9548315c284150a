import type { IncomingMessage, ServerResponse } from 'node:http'
import { Failure } from '../contract/errors.ts'
import { hookWitness } from '../http/hook-witness.ts'
import type { Witness } from '../http/witness.ts'
import type { Logger } from '../log/logger.ts'
import { callHook, type HookTrouble, hookPatience } from '../settings/call-hook.ts'
import { evaluateConfig } from '../settings/config-file.ts'
import type { Hooks, HookWorker, LogHook, WorkerHookName } from '../settings/hooks.ts'
import type { Start } from './start-up.ts'

type Functions = Partial<Pick<Hooks, WorkerHookName> & { readonly logger: LogHook }>
type Order = Start & { readonly thread: number | null }

/** How long nothing more is said of the same hook, in milliseconds: it may fail with every request. */
const silenceMs = 1000

/** Evaluates the config file for the hooks of workers. Throws Failure WORKER_BOOT. */
export async function loadHooks(order: Order, log: Logger): Promise<WorkerHooks> {
  if (order.hooks === undefined) return new WorkerHooks({}, order, log)
  const { path, text, names } = order.hooks
  try {
    const { values } = await evaluateConfig(text, path)
    const found = names.map((name) => [name, readFunction(values[name])])
    return new WorkerHooks(Object.fromEntries(found), order, log)
  } catch (cause) {
    throw new Failure('WORKER_BOOT', `the hooks cannot be loaded: ${(cause as Error).message}`, {
      cause,
      fix: 'Workers evaluate the config file for their hooks, as the user of the workers: what it imports or reads must be open to that user.',
    })
  }
}

function readFunction(raw: object | undefined): unknown {
  const value = raw !== undefined && 'value' in raw ? raw.value : undefined
  return typeof value === 'function' ? value : undefined
}

/** Calls the hooks of the config file that concern a worker. Nothing that goes wrong in them reaches the worker. */
export class WorkerHooks {
  readonly #functions: Functions
  readonly #log: Logger
  readonly #self: (state: HookWorker['state']) => HookWorker
  readonly #lastTold = new Map<WorkerHookName, number>()

  constructor(functions: Functions, order: Order, log: Logger) {
    const born = performance.now()
    this.#functions = functions
    this.#log = log
    this.#self = (state) =>
      Object.freeze({
        ...{ id: order.worker, slot: order.slot, thread: order.thread, generation: order.generation },
        ...{ pid: process.pid, state },
        age: Math.round(performance.now() - born),
      })
  }

  /** Who gets the records of the log; null for nobody. */
  get logger(): LogHook | null {
    return this.#functions.logger ?? null
  }

  postSpawn(): Promise<void> {
    const { postSpawn } = this.#functions
    return this.#call('postSpawn', () => postSpawn?.(this.#self('booting')), hookPatience)
  }

  ready(): Promise<void> {
    const { workerReady } = this.#functions
    return this.#call('workerReady', () => workerReady?.(this.#self('ready')), hookPatience)
  }

  /** Waits no longer than so many milliseconds. */
  exit(ms: number): Promise<void> {
    const { workerExit } = this.#functions
    return this.#call('workerExit', () => workerExit?.(this.#self('leaving')), Math.min(ms, hookPatience))
  }

  /** Who calls the hooks of each request, if there is anyone to call. */
  witnesses(): readonly Witness[] {
    const { preRequest: pre, postRequest: post } = this.#functions
    if (pre === undefined && post === undefined) return []
    const before = (request: IncomingMessage): void =>
      void this.#call('preRequest', () => pre?.(this.#self('ready'), request))
    const after = (request: IncomingMessage, response: ServerResponse, milliseconds: number): void =>
      void this.#call('postRequest', () => post?.(this.#self('ready'), request, response, milliseconds))
    return [hookWitness({ before: pre === undefined ? null : before, after: post === undefined ? null : after })]
  }

  #call(name: WorkerHookName, act: () => unknown, patience?: number): Promise<void> {
    const onTrouble = (trouble: HookTrouble): void => this.#complain(name, trouble)
    return callHook(act, patience === undefined ? { onTrouble } : { onTrouble, patience })
  }

  #complain(hook: WorkerHookName, { problem, error }: HookTrouble): void {
    const now = performance.now()
    if (now - (this.#lastTold.get(hook) ?? Number.NEGATIVE_INFINITY) < silenceMs) return
    this.#lastTold.set(hook, now)
    this.#log.error({ event: 'hook.failed', hook, err: error }, `the hook ${hook} ${problem}; the worker goes on`)
  }
}
