import { closeSync } from 'node:fs'
import { libc } from './libc.ts'
import { family, socketType } from './numbers.ts'
import { encodeUnix, longestPath } from './socket-address.ts'
import type { SystemError } from './system-error.ts'

export type Notifier = {
  /**
   * Tells the supervisor, one `NAME=value` a line, in one datagram (sd_notify(3)).
   * Returns null, or why it could not be told: a server must not die of a deaf supervisor.
   */
  readonly send: (lines: Readonly<Record<string, string | number>>) => string | null
  readonly close: () => void
}

/** A notifier for the socket in NOTIFY_SOCKET; without one it does nothing. The first send loads the C library. */
export function createNotifier(socketPath: string | undefined): Notifier {
  if (!socketPath) return { send: () => null, close: () => {} }
  let fd: number | null = null
  return {
    send: (lines) => {
      try {
        checkPath(socketPath)
        fd ??= libc().socket(family.unix, socketType.datagram)
        return sendPatiently(fd, compose(lines), encodeUnix(socketPath))
      } catch (error) {
        return `cannot tell the supervisor at ${socketPath}: ${(error as Error).message}`
      }
    },
    close: () => {
      if (fd !== null) closeSync(fd)
      fd = null
    },
  }
}

/** A value with a line break would become an assignment of its own. */
function compose(lines: Readonly<Record<string, string | number>>): Buffer {
  const text = Object.entries(lines).map(([name, value]) => `${name}=${String(value).replace(/[\r\n\0]+/g, ' ')}`)
  return Buffer.from(`${text.join('\n')}\n`)
}

function checkPath(path: string): void {
  if (!/^[/@]./.test(path)) throw new Error('only unix sockets are understood, beginning with / or @')
  if (Buffer.byteLength(path) > longestPath) throw new Error(`the path is longer than ${longestPath} bytes`)
}

const cell = new Int32Array(new SharedArrayBuffer(4))

/** How often and how long to wait for a supervisor whose queue is full, in milliseconds. */
const attempts = 20
const pause = 10

function sendPatiently(fd: number, message: Buffer, address: Buffer): string | null {
  for (let attempt = 1; ; attempt += 1) {
    try {
      libc().sendTo(fd, message, address)
      return null
    } catch (error) {
      if ((error as SystemError).code !== 'EAGAIN' || attempt === attempts) throw error
      Atomics.wait(cell, 0, 0, pause)
    }
  }
}

/** The clock that RELOADING=1 wants as MONOTONIC_USEC (CLOCK_MONOTONIC), in microseconds. */
export function monotonicMicroseconds(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

/**
 * Within which time the supervisor wants WATCHDOG=1 each time, in milliseconds; null when it does not ask us.
 * sd_watchdog_enabled(3) advises to say it twice as often.
 */
export function watchdogPeriod(env: Readonly<Record<string, string | undefined>>, pid: number): number | null {
  const { WATCHDOG_USEC: period, WATCHDOG_PID: owner } = env
  if (period === undefined || !/^\d{1,15}$/.test(period) || Number(period) === 0) return null
  return owner === undefined || owner === String(pid) ? Number(period) / 1000 : null
}
