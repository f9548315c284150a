import { readdirSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { readProc, viewCredentials } from './proc.ts'

/** How many nice values a process stands back: beside one that has work it gets a tenth of a processor (sched(7)). */
const distance = 10

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
 * at most. Null where that could not be ended again, which takes CAP_SYS_NICE or a limit such as systemd's `LimitNICE=+0`
 * (RLIMIT_NICE, getrlimit(2)).
 */
export function standBack(pid: number, ms: number): StandBack | null {
  const own = getPriority()
  const back = own + distance
  if (pid <= 0 || ms <= 0 || back > 19 || !mayReturnTo(own)) return null
  if (!tryTo(() => setPriority(pid, back))) return null
  const end = (): void => {
    clearTimeout(timer)
    // Twice: a thread made meanwhile by one that was still to be told counts as little as that one.
    for (const threads of [threadsBelow, threadsBelow]) {
      for (const thread of threads(pid)) tryTo(() => getPriority(thread) === back && setPriority(thread, own))
    }
  }
  const timer = setTimeout(end, ms).unref()
  return { end, forget: () => clearTimeout(timer) }
}

function mayReturnTo(nice: number): boolean {
  const limit = /^Max nice priority\s+(\d+)/m.exec(readProc('self/limits') ?? '')?.[1]
  if (20 - Number(limit ?? 0) <= nice) return true
  // The capability counts only where it is one of the system's first user namespace (user_namespaces(7)).
  const isFirst = /^\s*0\s+0\s+4294967295\s*$/.test(readProc('self/uid_map') ?? '')
  return isFirst && ((viewCredentials('self')?.capabilities.effective ?? 0n) & capability) !== 0n
}

/** The threads of a process and of its descendants: each has a nice value of its own (setpriority(2)). */
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

/** Who is gone meanwhile needs no place. */
function tryTo(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
