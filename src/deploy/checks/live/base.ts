import type { Check } from '../../check.ts'
import { type ProcessFacts, processFacts } from '../../inspect/process-facts.ts'
import { childrenOf } from '../../processes.ts'
import type { CheckTarget, LiveHost } from '../../target.ts'
import { inRehearsal, withoutSystemd } from '../exemptions.ts'

/** What checks of an installed site have in common. */
export const installed = { layer: 'live', needs: [], active: false, within: 10_000 } as const

export type LiveCheck = Check

/** The host of an installed site. Checks that ask for it are exempt in a rehearsal. */
export function hostOf({ host }: CheckTarget): LiveHost {
  if (host === null) throw new Error('a rehearsal has no host')
  return host
}

/** For checks of what only root sees of an installed site that systemd runs. */
export function asRoot(target: CheckTarget): string | null {
  return withoutSystemd(target) ?? (target.host?.isRoot === false ? 'only root may see that' : null)
}

/** For checks of an installed site that anybody may do. */
export const onHost = inRehearsal

/** The master and its workers, the master first. */
export async function serverProcesses({ master }: CheckTarget): Promise<readonly ProcessFacts[]> {
  if (master.pid === 0) throw new Error('the service does not run')
  return Promise.all([master.pid, ...(await childrenOf(master.pid))].map(processFacts))
}

/** Each process of which something is not so, in words. */
export function wrongOnes(
  processes: readonly ProcessFacts[],
  describe: (facts: ProcessFacts) => string | null,
): readonly string[] {
  return processes.flatMap((facts, index) => {
    const words = describe(facts)
    return words === null ? [] : [`${index === 0 ? 'master' : 'worker'} ${facts.pid} ${words}`]
  })
}

/** The id of an account by name, or NaN. */
export async function idOf({ run }: LiveHost, kind: 'passwd' | 'group', name: string): Promise<number> {
  return Number((await run(['getent', kind, name])).stdout.split(':')[2] ?? Number.NaN)
}
