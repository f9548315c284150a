import type { Logger } from '../../log/logger.ts'
import { describeUncaught } from '../describe-error.ts'
import { loadHooks } from '../hooks.ts'
import { openWorkerLog } from '../open-log.ts'
import type { Start } from '../start-up.ts'

export type CrewLogOptions = {
  readonly order: Start
  readonly env: Readonly<Record<string, string | undefined>>
  /** The function of the config file has left an error behind that nobody caught. */
  readonly onStumble: () => void
}

/**
 * The log of the main thread of a worker with threads. Its records go to the logger of the config file as well, for which
 * the file is evaluated here too: functions cannot be sent from a thread to another. Throws Failure CONFIG_INVALID.
 */
export function openCrewLog({ order, env, onStumble }: CrewLogOptions): Logger {
  const { log, relay } = openWorkerLog(order, env, null)
  const { hooks } = order
  if (!hooks?.names.includes('logger')) {
    relay.use(null, log.error)
    return log
  }
  process.on('uncaughtException', (err, origin) => {
    const words = `${describeUncaught(err, origin)}; the threads take no new connections and finish their requests`
    log.error({ event: 'worker.uncaught-error', err }, words)
    onStumble()
  })
  // What is wrong with the file each thread says when it starts.
  void loadHooks({ ...order, hooks: { ...hooks, names: ['logger'] }, thread: null }, log).then(
    ({ logger }) => relay.use(logger, log.error),
    () => relay.use(null, log.error),
  )
  return log
}
