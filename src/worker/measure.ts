import type { Measurements } from '../contract/tally.ts'
import { TallyKeeper } from '../http/tally-witness.ts'
import type { Witness } from '../http/witness.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { watchVitals } from './vitals.ts'

/** Counts what a worker does. */
export type Measuring = {
  readonly witness: Witness
  /** What was counted so far; what is told once begins anew. */
  readonly read: () => Measurements
}

/** Begins to count, or returns null where nobody wants to know: then requests cost nothing more. */
export function startMeasuring({ metricsBind, statsdHost }: ServerConfig): Measuring | null {
  if (metricsBind === null && statsdHost === null) return null
  const keeper = new TallyKeeper()
  const readVitals = watchVitals()
  return { witness: keeper, read: () => ({ tally: keeper.read(), vitals: readVitals() }) }
}
