import type { LineId } from './contract.ts'

/** A worker class as the grid asks it. */
export type GridClass = {
  readonly id: string
  readonly flags: readonly string[]
  /** Whether a worker has one request at a time. */
  readonly oneAtATime: boolean
  /** What cannot be asked of it, and why. */
  readonly without: Partial<Readonly<Record<LineId, string>>>
}

const oneAtATime = 'a worker has one request at a time, and the grid has one worker'

/** Every class that comes with tsicorn, the default first. One worker with one thread: applications count in memory. */
export const classes = [
  { id: 'async', flags: [], oneAtATime: false, without: {} },
  {
    ...{ id: 'sync', flags: ['-k', 'sync'], oneAtATime: true },
    without: {
      'keep-alive': 'every answer says Connection: close',
      delay: oneAtATime,
      abort: oneAtATime,
    },
  },
  { id: 'threads', flags: ['-k', 'threads', '--threads', '1'], oneAtATime: false, without: {} },
] as const satisfies readonly GridClass[]
