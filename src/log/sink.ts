import { writeSync } from 'node:fs'

/** Where lines go, each in one write(2), so that lines of several processes on one descriptor never mix. */
export type Sink = {
  /** Returns null, or why the line is lost. Never throws, and never waits much longer than a second. */
  readonly write: (line: string) => string | null
}

export type SinkSystem = {
  /** Returns how many bytes went out; throws errors with a `code`. */
  readonly write: (fd: number, bytes: Uint8Array) => number
  /** Blocks for so many milliseconds. */
  readonly pause: (ms: number) => void
}

const cell = new Int32Array(new SharedArrayBuffer(4))

const realSystem: SinkSystem = {
  write: (fd, bytes) => writeSync(fd, bytes),
  pause: (ms) => void Atomics.wait(cell, 0, 0, ms),
}

/** The longest single pause for a reader that is behind, in milliseconds; pauses double from 1 up to it, a second in all. */
const longestPause = 512

/** Writes to a descriptor that stays the caller's. */
export function createSink(fd: number, system: SinkSystem = realSystem): Sink {
  // A line broken off by a full disk must not swallow the beginning of the next one.
  let torn = false
  // A reader that let us wait once in vain is not waited for again until it has read something.
  let stalled = false

  const write = (line: string): string | null => {
    const bytes = Buffer.from(torn ? `\n${line}` : line)
    let sent = 0
    let pause = 1
    while (sent < bytes.length) {
      const outcome = attempt(bytes.subarray(sent))
      if (outcome.problem === null) {
        sent += outcome.written
        torn = sent < bytes.length
        stalled = false
      } else if (outcome.busy && !stalled && pause <= longestPause) {
        system.pause(pause)
        pause *= 2
      } else {
        stalled = outcome.busy
        return outcome.problem
      }
    }
    return null
  }

  const attempt = (bytes: Uint8Array): { written: number; problem: string | null; busy: boolean } => {
    try {
      const written = system.write(fd, bytes)
      return { written, problem: written > 0 ? null : 'nothing was written', busy: false }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      return { written: 0, problem: (message ?? String(error)).replace(/, write$/, ''), busy: code === 'EAGAIN' }
    }
  }

  return { write }
}
