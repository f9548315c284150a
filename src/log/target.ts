import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import type { Owner } from './borrow-rights.ts'
import { openLogFile } from './open-log-file.ts'

/** An open destination of log lines. */
export type Target = {
  readonly fd: number
  /** How many bytes the system takes in one piece, whoever else writes there. */
  readonly limit: number
  readonly close: () => void
}

/** PIPE_BUF of Linux: longer writes to a pipe may mix with those of other processes (pipe(7)). */
const pipeLimit = 4096

/** One packet of a stream socket (journald), and what container runtimes take as one line. */
const otherLimit = 16_384

/** Opens a log file; `-` is the standard descriptor that is named. Throws Failure CONFIG_INVALID. */
export function openTarget(file: string, owner: Owner | null, standard: number): Target {
  if (file === '-') return openStandard(standard)
  const fd = openLogFile(file, owner)
  return { fd, limit: limitOf(fd), close: () => closeSync(fd) }
}

/**
 * A pipe is opened a second time: that descriptor alone can be non-blocking, and a reader that stopped reading then costs
 * log lines instead of stopping the server. Other kinds of standard output cannot be opened again, or never stop.
 */
function openStandard(standard: number): Target {
  const limit = limitOf(standard)
  if (limit === pipeLimit) {
    try {
      const fd = openSync(`/proc/self/fd/${standard}`, constants.O_WRONLY | constants.O_NONBLOCK)
      return { fd, limit, close: () => closeSync(fd) }
    } catch {
      // No /proc, or no reader any more: the descriptor itself will do.
    }
  }
  return { fd: standard, limit, close: () => {} }
}

function limitOf(fd: number): number {
  try {
    return fstatSync(fd).isFIFO() ? pipeLimit : otherLimit
  } catch {
    return pipeLimit
  }
}
