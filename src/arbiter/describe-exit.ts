import { exitCodes } from '../contract/exit-codes.ts'
import type { Worker } from './state.ts'

const signalWords: Readonly<Record<string, string>> = {
  SIGSEGV: 'crashed with a segmentation fault (SIGSEGV)',
  SIGBUS: 'crashed with a bus error (SIGBUS)',
  SIGILL: 'crashed with an illegal instruction (SIGILL)',
  SIGABRT: 'aborted (SIGABRT): V8 ran out of heap, or native code gave up',
  SIGTRAP: 'hit a trap (SIGTRAP): V8 ran out of memory or met an internal error',
}

/** How a process ended. `oom`: whether the kernel killed it for want of memory; null when that cannot be known. */
export type Exit = { readonly code: number | null; readonly signal: string | null; readonly oom?: boolean | null }

/** Says in words how a worker ended, to follow "worker 3". */
export function describeExit({ code, signal, oom = null }: Exit, worker: Worker): string {
  if (worker.phase === 'leaving' && worker.killed) return killedWords[worker.reason] ?? 'was killed'
  if (signal === 'SIGKILL') return killWords(oom)
  if (signal !== null) return signalWords[signal] ?? `was ended by ${signal}`
  if (worker.phase === 'leaving') return code === 0 ? 'left' : `left with status ${code}`
  if (code === exitCodes.ok) return 'ended by itself with status 0 (process.exit in the application?)'
  if (code === exitCodes.failure) return 'ended with status 1 after an error that nobody caught (see the record before)'
  return `ended with status ${code} (process.exit in the application?)`
}

const killedWords: Readonly<Record<string, string>> = {
  hung: 'was killed: its event loop was stuck',
  'boot-timeout': 'was killed: it did not become ready in time',
  stop: 'was killed: it had not stopped when its time was up',
  replaced: 'was killed: it had not drained when its time was up',
}

function killWords(oom: boolean | null): string {
  if (oom === null) return 'was killed by SIGKILL (by hand, or because memory ran out)'
  return oom
    ? 'was killed by the kernel because memory ran out (SIGKILL)'
    : "was killed by SIGKILL (by hand: the kernel's count of kills for want of memory has not moved)"
}
