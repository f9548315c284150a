import { Failure } from '../contract/errors.ts'
import type { ToMaster } from '../contract/messages.ts'
import type { Logger } from '../log/logger.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { claimAccessLog } from './claim-access-log.ts'
import { workerCount } from './limits.ts'
import type { Draft, ListenerBook } from './listener-book.ts'
import { warnOfRestartOnly } from './restart-only.ts'
import { patience } from './stand-back.ts'
import { startOrder } from './start-order.ts'
import type { BootFailure } from './state.ts'
import { workerEnvironment } from './worker-environment.ts'
import { startWorker, type WorkerPlan } from './worker-process.ts'

export type Trial =
  | { readonly ok: true; readonly config: ServerConfig; readonly draft: Draft }
  | { readonly ok: false; readonly message: string; readonly fix: string | null }

export type TrialPlan = {
  readonly config: ServerConfig
  readonly generation: number
  readonly book: ListenerBook
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
  readonly syslog: number | null
  readonly load: () => Promise<ServerConfig>
  /** Ends the trial early; its outcome is then of no interest. */
  readonly signal: AbortSignal
}

/** Reads the config anew, loads the application in a child that serves nobody, and opens new listeners. Nothing that serves is touched. */
export async function tryReload(plan: TrialPlan): Promise<Trial> {
  try {
    const config = await plan.load()
    warnOfRestartOnly(plan.config, config, plan.log)
    claimAccessLog(config)
    // With --reload the new worker itself is the trial: whoever waits for it should not wait twice.
    if (!config.reload) await tryApplication(config, { ...plan, standsBackFor: patience(config) })
    const draft = await plan.book.prepare(config, { workers: workerCount(config), generation: plan.generation })
    return { ok: true, config, draft }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { ok: false, message: error.message, fix: error.fix ?? null }
  }
}

/** The same for the application alone, before there is anybody to keep; the reason when it cannot start. */
export async function tryOnce(
  config: ServerConfig,
  plan: Pick<TrialPlan, 'env' | 'signal' | 'log' | 'syslog'>,
): Promise<BootFailure | null> {
  try {
    await tryApplication(config, plan)
    return null
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { stage: error.code === 'APP_LOAD' ? 'load' : 'boot', message: error.message, fix: error.fix ?? null }
  }
}

type ApplicationPlan = Pick<TrialPlan, 'env' | 'signal'> & Partial<Pick<TrialPlan, 'log' | 'syslog'> & StandsBack>

type StandsBack = Pick<WorkerPlan, 'standsBackFor'>

/** Loads the application in a throw-away child and asks its health path. Throws Failure APP_LOAD or WORKER_BOOT. */
export function tryApplication(
  config: ServerConfig,
  { env, signal, log, syslog = null, standsBackFor = 0 }: ApplicationPlan,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: ToMaster | null = null
    let late = false
    const order = startOrder({ worker: 0, slot: 1, generation: 0, listeners: [], trial: true, isServed: false }, config)
    const surroundings = log === undefined ? null : { log, syslog }
    const plan = { descriptors: [], env: workerEnvironment(env, config), order, surroundings, standsBackFor }
    const child = startWorker(plan, {
      spawned: () => {},
      said: (message) => {
        if (message.type !== 'beat') last = message
      },
      unspawnable: (message) => reject(new Failure('WORKER_BOOT', message)),
      exited: (code, byWhat) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', giveUp)
        const failure = judge(last, { late, code, byWhat, config })
        if (failure === null) resolve()
        else reject(failure)
      },
    })
    const giveUp = (): void => child.kill()
    const timer = setTimeout(() => {
      late = true
      child.kill()
    }, config.bootTimeout)
    signal.addEventListener('abort', giveUp)
  })
}

type Ending = {
  readonly late: boolean
  readonly code: number | null
  readonly byWhat: string | null
  readonly config: ServerConfig
}

function judge(last: ToMaster | null, { late, code, byWhat, config }: Ending): Failure | null {
  if (last?.type === 'failed') {
    const fix = last.fix === null ? {} : { fix: last.fix }
    return new Failure(last.stage === 'load' ? 'APP_LOAD' : 'WORKER_BOOT', last.message, fix)
  }
  if (last?.type === 'ready') return null
  if (late) {
    return new Failure(
      'WORKER_BOOT',
      `the application was not ready within ${config.bootTimeout / 1000} s (--boot-timeout)`,
    )
  }
  return new Failure('APP_LOAD', `the application ended while it was loaded (${byWhat ?? `status ${code}`})`)
}
