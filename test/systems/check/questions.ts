import assert from 'node:assert/strict'
import type { Questions } from '../on-every-release.ts'
import type { SiteOptions } from '../site.ts'
import type { SystemFault } from './faults.ts'
import { check, complaints, seedAndMend } from './seed.ts'

/** A site that most checks concern. */
export const checkedSite: SiteOptions = { flags: ['--logs', 'files', '--hsts', '--static', '/static/=static'] }

/** What a fault is to a machine. */
export function questionOf(fault: SystemFault): [string, Questions[string]] {
  const sentence = `${fault.words} is seen by ${fault.seenBy.join(' and ')}, and the fix mends it`
  return [sentence, (system) => seedAndMend(system, fault)]
}

/** Asked last. */
export const nothingWrong: Questions = {
  'finds nothing wrong once all of it is mended': async (system) => {
    assert.deepEqual(complaints(await check(system, '--active')), {})
  },
}
