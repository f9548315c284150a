import { exitCodes } from '../contract/exit-codes.ts'
import type { Worker } from './state.ts'

const signalWords: Readonly<Record<string, string>> = {
  SIGKILL: 'was killed by SIGKILL (by hand, or because memory ran out)',
  SIGSEGV: 'crashed with a segmentation fault (SIGSEGV)',
  SIGBUS: 'crashed with a bus error (SIGBUS)',
  SIGILL: 'crashed with an illegal instruction (SIGILL)',
  SIGABRT: 'aborted (SIGABRT): V8 ran out of heap, or native code gave up',
  SIGTRAP: 'hit a trap (SIGTRAP): V8 ran out of memory or met an internal error',
}

/** Says in words how a worker ended, to follow "worker 3". */
export function describeExit(exit: { code: number | null; signal: string | null }, worker: Worker): string {
  if (worker.phase === 'leaving' && worker.killed) return killedWords[worker.reason] ?? 'was killed'
  if (exit.signal !== null) return signalWords[exit.signal] ?? `was ended by ${exit.signal}`
  if (worker.phase === 'leaving') return exit.code === 0 ? 'left' : `left with status ${exit.code}`
  if (exit.code === exitCodes.ok) return 'ended by itself with status 0 (process.exit in the application?)'
  if (exit.code === exitCodes.failure)
    return 'ended with status 1 after an error that nobody caught (see the record before)'
  return `ended with status ${exit.code} (process.exit in the application?)`
}

const killedWords: Readonly<Record<string, string>> = {
  hung: 'was killed: its event loop was stuck',
  'boot-timeout': 'was killed: it did not become ready in time',
  stop: 'was killed: it had not stopped when its time was up',
  replaced: 'was killed: it had not drained when its time was up',
}
