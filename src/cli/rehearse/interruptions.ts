import { constants } from 'node:os'
import { isatty } from 'node:tty'
import type { Context, Output } from '../context.ts'

export type Interruption = {
  /** Aborted by the first signal, or when nobody can read what we write any more. */
  readonly signal: AbortSignal
  /** The exit status a shell expects after the signal that came; null when none came. */
  readonly status: () => number | null
  /** Stops hearing: from here on signals have their usual effect. */
  readonly forget: () => void
}

const heard = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Hears Ctrl-C, TERM, a terminal that hangs up, and output that breaks (EIO after a terminal is gone, EPIPE after a pager).
 * They are only noted here. A second one changes nothing: what the first one starts takes two seconds at most.
 */
export function hearInterruptions({ stdout, stderr }: Pick<Context, 'stdout' | 'stderr'>): Interruption {
  const controller = new AbortController()
  let came: number | null = null
  const hear = (name: NodeJS.Signals) => {
    came ??= 128 + constants.signals[name]
    controller.abort(new Error(`interrupted by ${name}`))
  }
  const hearBroken = (error: Error) => controller.abort(new Error(`nobody reads the output: ${error.message}`))
  for (const name of heard) process.on(name, hear)
  // These two stay: a line written later would otherwise end the process before everything is cleared up.
  for (const stream of [stdout, stderr]) stream.on('error', hearBroken)
  const watch = watchTerminal(stdout, () => hearBroken(new Error('the terminal was closed')))
  return {
    signal: controller.signal,
    status: () => came,
    forget: () => {
      clearInterval(watch)
      for (const name of heard) process.off(name, hear)
    },
  }
}

/**
 * A terminal that is closed sends HUP to its own session only, and a write fails only where there is one:
 * who merely waits in another session has to look. A descriptor whose terminal has gone is no terminal any more.
 */
function watchTerminal(stdout: Output, onClosed: () => void): NodeJS.Timeout | undefined {
  const fd = 'fd' in stdout ? stdout.fd : undefined
  if (stdout.isTTY !== true || typeof fd !== 'number') return undefined
  return setInterval(() => {
    if (!isatty(fd)) onClosed()
  }, 500)
}
