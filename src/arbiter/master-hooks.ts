import { AsyncLocalStorage } from 'node:async_hooks'
import { basename } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts'
import type { Logger } from '../log/logger.ts'
import type { LogRelay } from '../log/relay.ts'
import { callHook, type HookTrouble, hookPatience } from '../settings/call-hook.ts'
import { freezeDeep } from '../settings/freeze.ts'
import type { HookServer, Hooks, MasterHookName } from '../settings/hooks.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { type DueHook, portray } from './order-hook.ts'
import type { State } from './state.ts'

export type HookSurroundings = {
  readonly config: ServerConfig
  readonly log: Logger
  /** Hands the records of the log to the function for them. */
  readonly relay: LogRelay
  readonly version: string
  readonly listeners: () => readonly string[]
}

/** Which hook the running code comes from, also in what it leaves going on in the background. */
const origin = new AsyncLocalStorage<MasterHookName | 'logger'>()

/** Calls the hooks of the config file that concern the master. Nothing that goes wrong in them reaches the master. */
export class MasterHooks {
  readonly #surroundings: HookSurroundings
  #config: ServerConfig
  #state: (() => State) | null = null
  #guarded = false

  constructor(surroundings: HookSurroundings) {
    this.#surroundings = surroundings
    this.#config = surroundings.config
    this.#relay()
  }

  /** From now on hooks see the workers as they are. */
  follow(state: () => State): void {
    this.#state = state
  }

  /** Takes the hooks of a new config. */
  adopt(config: ServerConfig): void {
    this.#config = config
    this.#relay()
  }

  #relay(): void {
    const { relay, log } = this.#surroundings
    const { logger } = this.#config
    if (logger !== null) this.#guard()
    relay.use(logger === null ? null : (record) => origin.run('logger', () => logger(record)), log.error)
  }

  /** Has onStarting before and onExit after what the master does, whatever comes of that. Both are waited for, within bounds. */
  async frame(act: () => Promise<ExitCode>): Promise<ExitCode> {
    await this.#call('onStarting', (server, hook) => hook(server))
    let status: ExitCode = exitCodes.failure
    try {
      status = await act()
      return status
    } catch (error) {
      if (error instanceof Failure) status = error.exit
      throw error
    } finally {
      await this.#call('onExit', (server, hook) => hook(server, status))
    }
  }

  /** Calls the hook at once, and does not wait for a promise. */
  carryOut(due: DueHook): void {
    switch (due.name) {
      case 'whenReady':
      case 'onReload':
        return void this.#call(due.name, (server, hook) => hook(server))
      case 'preSpawn':
        return void this.#call(due.name, (server, hook) => hook(server, due.worker))
      case 'childExit':
        return void this.#call(due.name, (server, hook) => hook(server, due.worker, due.exit))
      case 'workerAbort':
        return void this.#call(due.name, (server, hook) => hook(server, due.worker, due.stall))
      case 'workersChanged':
        return void this.#call(due.name, (server, hook) => hook(server, due.now, due.before))
    }
  }

  async #call<Name extends MasterHookName>(
    name: Name,
    act: (server: HookServer, hook: Hooks[Name]) => unknown,
  ): Promise<void> {
    const hook = this.#config[name] as Hooks[Name] | null
    if (hook === null) return
    this.#guard()
    const onTrouble = (trouble: HookTrouble): void => this.#complain(name, trouble)
    const server = this.#portray()
    await callHook(() => origin.run(name, () => act(server, hook)), { patience: hookPatience, onTrouble })
  }

  #portray(): HookServer {
    const { version, listeners } = this.#surroundings
    const state = this.#state?.() ?? null
    const now = performance.now()
    return freezeDeep({
      ...{ pid: process.pid, version, listeners: [...listeners()] },
      name: this.#config.name ?? basename(this.#config.app ?? ''),
      wanted: state?.target ?? 0,
      workers: (state?.workers ?? []).map((worker) => portray(worker, now)),
    })
  }

  #complain(hook: MasterHookName | 'logger', { problem, error }: HookTrouble): void {
    const { log } = this.#surroundings
    log.error({ event: 'hook.failed', hook, err: error }, `the hook ${hook} ${problem}; the server goes on`)
  }

  /** An error in a timer or a promise that a hook left behind would end the process. Any other one still does. */
  #guard(): void {
    if (this.#guarded) return
    this.#guarded = true
    const hear = (error: unknown): void => {
      const name = origin.getStore()
      if (name !== undefined) return this.#complain(name, { problem: `failed later: ${String(error)}`, error })
      process.off('uncaughtException', hear).off('unhandledRejection', hear)
      setImmediate(() => {
        throw error
      })
    }
    process.on('uncaughtException', hear).on('unhandledRejection', hear)
  }
}
