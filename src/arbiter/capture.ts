import { closeSync, readSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Logger } from '../log/logger.ts'
import { libc } from '../system/libc.ts'
import { OutputBudget, outputBudget } from './output-budget.ts'
import { OutputLines } from './output-lines.ts'

/** The output of one worker, on its way to the log. */
export type Capture = {
  /** The ends for the worker: standard output and standard error. */
  readonly ends: readonly [stdout: number, stderr: number]
  /** The worker has its ends, or will never have them; and who it is. */
  readonly begin: (pid: number | null) => void
  /** The worker is gone: what it left in the pipes is told. Processes that it left behind are still heard. */
  readonly finish: () => void
}

const levels = { stdout: 'info', stderr: 'warning' } as const

type Stream = keyof typeof levels

/** A pipe holds so much unless somebody makes it larger; a process that was left behind may fill it all the time. */
const mostLeft = 1 << 20

/** Reads what a worker prints, line by line. Throws SystemError where there are no descriptors to spare. */
export function capture(worker: number, log: Logger): Capture {
  let workerPid: number | null = null
  const tell = (lost: number): void =>
    log.warning(
      { event: 'worker.output-lost', worker, workerPid, lost },
      `worker ${worker} printed too much at once: ${lost} lines were left out`,
    )
  const budget = new OutputBudget(tell)
  const timer = setInterval(() => budget.settle(), outputBudget.windowMs).unref()
  const reader = (stream: Stream): Reader =>
    new Reader((line) => {
      if (budget.admits(line, performance.now()))
        log[levels[stream]]({ event: 'worker.output', worker, workerPid, stream }, line)
    })
  const stdout = reader('stdout')
  const readers = [stdout, readerBeside(stdout, () => reader('stderr'))] as const
  return {
    ends: [readers[0].writes, readers[1].writes],
    begin: (pid) => {
      workerPid = pid
      for (const { writes } of readers) closeSync(writes)
    },
    finish: () => {
      clearInterval(timer)
      for (const one of readers) one.drain()
      budget.settle()
    },
  }
}

function readerBeside(first: Reader, make: () => Reader): Reader {
  try {
    return make()
  } catch (error) {
    closeSync(first.writes)
    throw error
  }
}

/** The reading end of a pipe. */
class Reader {
  readonly writes: number
  readonly #reads: number
  readonly #lines: OutputLines
  readonly #socket: Socket

  constructor(take: (line: string) => void) {
    const [reads = -1, writes = -1] = libc().pipe()
    this.#reads = reads
    this.writes = writes
    this.#lines = new OutputLines(take)
    this.#socket = new Socket({ fd: reads, readable: true, writable: false }).unref()
    this.#socket.on('data', (bytes) => this.#lines.add(bytes))
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => this.#lines.end())
  }

  /** Reads at once what is there: nobody may have time to hear of it later. */
  drain(): void {
    const space = Buffer.alloc(65_536)
    for (let total = 0; total < mostLeft && !this.#socket.destroyed; ) {
      const read = this.#read(space)
      if (read === 0) break
      total += read
      this.#lines.add(space.subarray(0, read))
    }
    this.#lines.end()
  }

  #read(space: Buffer): number {
    try {
      return readSync(this.#reads, space)
    } catch {
      // Nothing is there, though somebody may still write.
      return 0
    }
  }
}
