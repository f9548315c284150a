import type { Logger } from '../log/logger.ts'
import type { ProxyProtocol } from './proxy-header.ts'
import type { Balancers } from './reception.ts'
import { trustIn } from './trust.ts'

export type BalancerSettings = {
  readonly proxyProtocol: 'off' | ProxyProtocol
  readonly proxyAllowFrom: readonly string[]
}

/** Those whose connections begin with a PROXY header, or null when that is not spoken. */
export function balancersIn({ proxyProtocol, proxyAllowFrom }: BalancerSettings, log: Logger): Balancers | null {
  if (proxyProtocol === 'off') return null
  return {
    accepted: proxyProtocol,
    include: trustIn(proxyAllowFrom).peer,
    onRefused: (peer, reason) => {
      const from = peer ?? 'a unix socket'
      log.warning({ event: 'proxy.refused', peer, reason }, `a connection from ${from} was closed: ${reason}`)
    },
  }
}
