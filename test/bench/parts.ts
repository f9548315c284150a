import type { Run } from './bench.ts'
import { direct } from './direct.ts'
import { growth } from './growth.ts'
import { peers } from './peers.ts'
import { reload } from './reload.ts'
import { start } from './start.ts'
import { tail } from './tail.ts'
import { throughput } from './throughput.ts'

type Entry = {
  readonly run: Run
  /** The longest it may take, in minutes, on a machine that has other work too. */
  readonly most: number
}

/** What can be measured, in this order: what matters most comes first. */
export const parts: Readonly<Record<string, Entry>> = {
  throughput: { run: throughput, most: 16 },
  direct: { run: direct, most: 9 },
  tail: { run: tail, most: 10 },
  reload: { run: reload, most: 6 },
  start: { run: start, most: 3 },
  growth: { run: growth, most: 6 },
  peers: { run: peers, most: 3 },
}

/** The longest all of it may take, in minutes. */
export const most = { whole: 45, quick: 5 } as const
