import type { Check } from '../../check.ts'
import type { HostTarget } from '../../inspect/host-target.ts'

/** What most checks of a host have in common. */
export const ofHost = { layer: 'host', needs: [], active: false, within: 10_000 } as const

export type HostCheck = Check<HostTarget>

/** For checks of what only root may see. */
export function rootOnly({ isRoot }: HostTarget): string | null {
  return isRoot ? null : 'only root may see that'
}

/** For checks of what systemd knows. */
export function bootedOnly({ systemd }: HostTarget): string | null {
  return systemd === null ? 'systemd does not run this host' : null
}

/** For checks of certificates. */
export function tlsOnly(target: HostTarget): string | null {
  return target.answers.tls === 'off' ? 'the site has no TLS' : rootOnly(target)
}
