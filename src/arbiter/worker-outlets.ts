import { firstListenerFd, type Outlets } from '../contract/messages.ts'
import type { Logger } from '../log/logger.ts'
import { type Capture, capture } from './capture.ts'

/** Through what the output of a worker leaves, and where it goes. */
export type Surroundings = {
  readonly log: Logger
  /** A datagram socket that leads to syslog; null where there is none. */
  readonly syslog: number | null
}

export type OutletPlan = Surroundings & {
  readonly worker: number
  readonly captureOutput: boolean
  /** Listening descriptors to hand over. */
  readonly descriptors: readonly number[]
}

export type Prepared = {
  readonly stdio: readonly StdioEnd[]
  /** How the worker finds them; undefined where it has what every process has. */
  readonly outlets: Outlets | undefined
  readonly capture: Capture | null
}

/** What a descriptor of a worker is to be, by the word of node:child_process or the number of ours. */
export type StdioEnd = 'ignore' | 'inherit' | 'pipe' | number

/** The descriptors of a worker to be. Throws SystemError where there are none to spare. */
export function prepareOutlets({ worker, captureOutput, descriptors, log, syslog }: OutletPlan): Prepared {
  const captured = captureOutput ? capture(worker, log) : null
  const [out, err] = captured?.ends ?? (['inherit', 'inherit'] as const)
  const own = captured === null ? [] : [1, 2]
  const first = firstListenerFd + descriptors.length
  const last = first + own.length
  return {
    stdio: ['ignore', out, err, 'pipe', ...descriptors, ...own, ...(syslog === null ? [] : [syslog])],
    outlets:
      captured === null && syslog === null
        ? undefined
        : {
            ...(captured === null ? { stdout: 1, stderr: 2 } : { stdout: first, stderr: first + 1 }),
            syslog: syslog === null ? null : last,
          },
    capture: captured,
  }
}
