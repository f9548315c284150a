import type { Check } from '../check.ts'
import type { HostTarget } from '../inspect/host-target.ts'
import { loadedRelations } from '../relations/table.ts'
import { accountChecks } from './host/accounts.ts'
import { bootedOnly, rootOnly } from './host/base.ts'
import { bootChecks } from './host/boot.ts'
import { certificateChecks } from './host/certificate.ts'
import { loadedChecks } from './host/loaded.ts'
import { networkChecks } from './host/network.ts'
import { programChecks } from './host/programs.ts'
import { renewalChecks } from './host/renewal.ts'
import { resourceChecks } from './host/resources.ts'

/** Only what is loaded is judged: without systemd, or without the right to see nginx's files, there is nothing to read. */
const relations = loadedRelations<HostTarget>().map((check): Check<HostTarget> => {
  const readsNginx = check.needs.includes('host.site-read')
  const exempt = (target: HostTarget) =>
    bootedOnly(target) ?? (readsNginx ? rootOnly(target) : null) ?? check.exempt?.(target) ?? null
  return { ...check, exempt }
})

/** The checks of a host, in the order in which they are run and reported. */
export const hostChecks: readonly Check<HostTarget>[] = [
  ...[...loadedChecks, ...accountChecks, ...programChecks, ...networkChecks],
  ...[...certificateChecks, ...renewalChecks, ...resourceChecks, ...bootChecks],
  ...relations,
]
