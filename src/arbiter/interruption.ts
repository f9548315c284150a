import { mayRepeat } from './backoff.ts'
import type { Booting } from './state.ts'
import { known, note, type Turn } from './turn.ts'

/** They end a process that does not listen to signals yet, as every Node.js process in its first moments. */
const interrupting: ReadonlySet<string | null> = new Set([
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
])

/**
 * Whether a worker was ended by a signal that somebody sent to it, or to the whole process group, while it started.
 * Then it is started again, and not taken for one that cannot start; but not for ever.
 */
export function isInterrupted(turn: Turn, worker: Booting, signal: string | null): boolean {
  if (!interrupting.has(signal) || !mayRepeat(turn, worker.slot)) return false
  const message = `worker ${worker.id} was ended by ${signal} while it started: it is started again`
  note(turn, 'warning', 'worker.interrupted', message, { ...known(worker), signal })
  return true
}
