import { readdirSync } from 'node:fs'
import { getPriority } from 'node:os'
import { libc } from './libc.ts'
import { readProc, viewCredentials } from './proc.ts'
import { succeeds } from './succeeds.ts'

/** SCHED_IDLE and SCHED_OTHER, sched(7): the first has what others leave, and makes room as soon as one of them wakes up. */
const policies = { idle: 5, usual: 0 } as const

/** CAP_SYS_NICE, capabilities(7). */
const capability = 1n << 23n

/** A process that lets others go first until it is told otherwise. */
export type StandBack = {
  /** From now on it counts as much as we do: all threads of it and of its children, but those that went elsewhere by themselves. */
  readonly end: () => void
  /** The process is gone. */
  readonly forget: () => void
}

/**
 * Has a process stand back behind those that have work, with all threads it is still to make, for so many milliseconds
 * at most. Null where it cannot, as with musl, and where that could not be ended again, which takes CAP_SYS_NICE or, where we
 * are not root, a limit such as systemd's `LimitNICE=+0` (RLIMIT_NICE, getrlimit(2)).
 */
export function standBack(pid: number, ms: number): StandBack | null {
  if (pid <= 0 || ms <= 0 || policyOf('self') !== policies.usual || !mayReturnTo(getPriority())) return null
  if (!succeeds(() => libc().setScheduler(pid, policies.idle))) return null
  const bringForward = (thread: number): void => {
    if (policyOf(thread) === policies.idle) libc().setScheduler(thread, policies.usual)
  }
  const end = (): void => {
    clearTimeout(timer)
    // Twice: a thread made meanwhile by one that was still to be told counts as little as that one. Who is gone needs no place.
    for (const thread of threadsBelow(pid)) succeeds(() => bringForward(thread))
    for (const thread of threadsBelow(pid)) succeeds(() => bringForward(thread))
  }
  const timer = setTimeout(end, ms).unref()
  return { end, forget: () => clearTimeout(timer) }
}

/** Field 41 of proc_pid_stat(5); the second may have spaces and parentheses in it. */
function policyOf(thread: number | 'self'): number {
  return Number(readProc(`${thread}/stat`)?.split(') ').at(-1)?.split(' ')[38])
}

function mayReturnTo(nice: number): boolean {
  const limit = /^Max nice priority\s+(\d+)/m.exec(readProc('self/limits') ?? '')?.[1]
  return mayReturn({
    ...{ nice, limit: Number(limit ?? 0), isRoot: process.geteuid?.() === 0 },
    isFirstNamespace: /^\s*0\s+0\s+4294967295\s*$/.test(readProc('self/uid_map') ?? ''),
    capabilities: viewCredentials('self')?.capabilities.effective ?? 0n,
  })
}

export type Rights = {
  /** The nice value of the process that is to come back. */
  readonly nice: number
  /** RLIMIT_NICE: 20 less the lowest value that may be taken. */
  readonly limit: number
  readonly isRoot: boolean
  /** Whether users are those of the system itself (user_namespaces(7)): elsewhere the capability counts for nothing here. */
  readonly isFirstNamespace: boolean
  readonly capabilities: bigint
}

/**
 * Whether a process that stands back can be brought forward again. The limit is enough for processes of our own user, and
 * those of root may take another one meanwhile (sched(7), "Privileges and resource limits"): root needs the capability.
 */
export function mayReturn({ nice, limit, isRoot, isFirstNamespace, capabilities }: Rights): boolean {
  if (isFirstNamespace && (capabilities & capability) !== 0n) return true
  return !isRoot && 20 - limit <= nice
}

/** The threads of a process and of its descendants: each has a policy of its own (sched(7)). */
function threadsBelow(pid: number): readonly number[] {
  const threads = idsIn(() => readdirSync(`/proc/${pid}/task`))
  const children = threads.flatMap((thread) =>
    idsIn(() => readProc(`${pid}/task/${thread}/children`)?.split(' ') ?? []),
  )
  return [...threads, ...children.flatMap(threadsBelow)]
}

function idsIn(list: () => readonly string[]): readonly number[] {
  try {
    return list()
      .map(Number)
      .filter((id) => id > 0)
  } catch {
    return []
  }
}
