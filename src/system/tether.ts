import { closeSync } from 'node:fs'
import { libc } from './libc.ts'

/** Has the system kill a process in the moment in which ours ends, however it ends. */
export type Tether = {
  /** A descriptor that the process is to inherit, and to hold as long as it is to be tied to us. */
  readonly end: number
  /** The process is there, and has it. */
  readonly tie: (pid: number) => void
  /** Lets the process live on without us. */
  readonly release: () => void
}

/**
 * Makes one of a pipe: when its last writing end is closed, and that is ours, the system signals whoever is named the
 * owner of the reading end (F_SETOWN and F_SETSIG, fcntl(2)). Null where there are no descriptors to spare, or where the
 * system cannot do so.
 */
export function makeTether(): Tether | null {
  const ends = openPipe()
  if (ends === null) return null
  const [end, ours] = ends
  let isOver = false
  return {
    end,
    tie: (pid) => {
      try {
        if (!isOver) libc().killOnHangup(end, pid)
      } catch {
        // A sandbox without it: the process notices by itself, unless its event loop stands still.
      }
    },
    release: () => {
      if (isOver) return
      isOver = true
      libc().ignoreHangup(end)
      closeSync(end)
      closeSync(ours)
    },
  }
}

function openPipe(): readonly [number, number] | null {
  try {
    const [reads, writes] = libc().pipe()
    return reads === undefined || writes === undefined ? null : [reads, writes]
  } catch {
    return null
  }
}
