import { oomKills, oomKillsOfHost } from '../system/cgroup.ts'

/** What the kernel has counted: kills for want of memory in our cgroup, and on the whole machine; null where it does not. */
export type KillCounts = { readonly ours: number | null; readonly host: number | null }

/** A kill that was counted and belonged to no worker is forgotten after so many milliseconds: it was somebody else's. */
const memoryMs = 5000

function readCounts(): KillCounts {
  return { ours: oomKills(), host: oomKillsOfHost() }
}

/** Tells workers that the kernel killed for want of memory from those that somebody killed. */
export class MemoryKills {
  readonly #read: () => KillCounts
  #seen: KillCounts
  #unclaimed = 0
  #at = 0

  constructor(read = readCounts) {
    this.#read = read
    this.#seen = read()
  }

  /**
   * Whether a worker that has just ended by SIGKILL was one of them: each kill that was counted is that of one worker.
   * Null when that cannot be known: nobody counts, or the count of another cgroup has moved.
   */
  claim(now: number): boolean | null {
    const [before, after] = [this.#seen, this.#read()]
    this.#seen = after
    const fresh = added(before.ours, after.ours)
    if (now - this.#at > memoryMs) this.#unclaimed = 0
    if (fresh !== null && fresh > 0) this.#at = now
    this.#unclaimed += fresh ?? 0
    if (this.#unclaimed > 0) {
      this.#unclaimed -= 1
      return true
    }
    const elsewhere = added(before.host, after.host)
    if (elsewhere === null) return fresh === null ? null : false
    return elsewhere > 0 ? null : false
  }
}

/** Nothing is added when the count belongs to another cgroup all at once. */
function added(before: number | null, after: number | null): number | null {
  return before === null || after === null ? null : Math.max(0, after - before)
}
