import type { Logger } from '../log/logger.ts'
import { describeError } from './describe-error.ts'
import type { HeldSignals } from './hold-signals.ts'
import type { Loaded } from './load.ts'
import { orIdle } from './or-idle.ts'

/** The longest that what is no `shutdown` of the application may take, in milliseconds: its listeners for TERM, its own close(). */
const unaskedMs = 5000
/** However late it is, an application is given this long, in milliseconds: the master waits a second beyond the grace. */
const leastMs = 500

export type Parting = {
  readonly loaded: Loaded
  /** Null where listeners for TERM are not to hear of it. */
  readonly signals: HeldSignals | null
  readonly log: Logger | null
  /** What is left of the time to leave, in milliseconds. */
  readonly graceMs: number
}

/**
 * All requests are answered: the application closes its pools. It does so in its `shutdown` where it has one; otherwise
 * by what it would do on TERM. Never rejects, and is over in time.
 */
export async function part({ loaded, signals, log, graceMs }: Parting): Promise<void> {
  const { server, shutdown, close } = loaded
  const limit = Math.max(leastMs, graceMs)
  const end = performance.now() + limit
  const act = async (what: string, ms: number, does: () => unknown): Promise<void> => {
    const late = await endOf(async () => does(), Math.min(ms, Math.max(0, end - performance.now()))).catch((err) => {
      log?.error({ event: 'worker.shutdown-failed', err }, `${what} failed: ${describeError(err)}`)
      return false
    })
    if (late)
      log?.warning({ event: 'worker.shutdown-late' }, `${what} was not over in time; the worker ends without it`)
  }
  if (shutdown !== null) await act('the shutdown of the application', limit, shutdown)
  // An application whose shutdown closed it is not closed twice: its hooks would run again.
  if (close !== null && server.listening) await act('the close() of the application', unaskedMs, close)
  if (shutdown === null && signals?.letGo() === true)
    await endOf(() => new Promise(() => {}), Math.min(unaskedMs, graceMs))
}

/** Whether it took longer than that. A promise that nothing is left to settle counts as settled. */
function endOf(act: () => Promise<unknown>, ms: number): Promise<boolean> {
  const idle = new Error('idle')
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, ms, true).unref())
  const done = orIdle(act(), () => idle).then(
    () => false,
    (error: unknown) => {
      if (error === idle) return false
      throw error
    },
  )
  return Promise.race([done, late])
}
