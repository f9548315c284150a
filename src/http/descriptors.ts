import { readdirSync, readFileSync } from 'node:fs'

/** What the process has left of file descriptors. The kernel hands out the lowest free number. */
export type Descriptors = {
  /** Whether a descriptor with this number is one of the last. */
  readonly isLate: (fd: number) => boolean
  /** Whether so few are left that connections should wait. */
  readonly areScarce: () => boolean
}

/** An eighth is kept free for what the application opens, but no more than this. */
const mostReserve = 64

/** Reads the limit anew each time it is asked whether they are scarce, since prlimit(1) changes it while we run. */
export function watchDescriptors(): Descriptors {
  let last = lastOf(readLimit())
  return {
    isLate: (fd) => fd >= last,
    areScarce: () => {
      const limit = readLimit()
      last = lastOf(limit)
      return countBelow(limit) >= last
    },
  }
}

function lastOf(limit: number): number {
  return limit - Math.min(mostReserve, Math.ceil(limit / 8))
}

/** Infinite where the system does not say; zero when not even this can be opened, so that the limit is reached. */
function readLimit(): number {
  try {
    return Number(
      /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1] ?? Number.POSITIVE_INFINITY,
    )
  } catch (error) {
    return isExhausted(error) ? 0 : Number.POSITIVE_INFINITY
  }
}

/** How many are open with a number below the limit; those above it are from before the limit. */
function countBelow(limit: number): number {
  try {
    return readdirSync('/proc/self/fd').filter((fd) => Number(fd) < limit).length
  } catch (error) {
    return isExhausted(error) ? limit : 0
  }
}

/** Whether something has failed because no descriptor was left, to the process or to the system. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE')
}
