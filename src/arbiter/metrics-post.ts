import { isIPv6 } from 'node:net'
import { MetricsEndpoint } from '../metrics/endpoint.ts'
import { expose } from '../metrics/exposition.ts'
import { familiesOf } from '../metrics/families.ts'
import { Statsd } from '../metrics/statsd.ts'
import type { StatsdHost } from '../settings/kinds/statsd-host.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { unlinkListener } from '../system/close-listener.ts'
import { createDatagramSender } from '../system/datagram.ts'
import { openListener } from '../system/open-listener.ts'
import { resolveAddress } from '../system/resolve-address.ts'
import { lookupUser } from '../system/user.ts'
import type { ListenerBook } from './listener-book.ts'
import { Measures } from './measures.ts'

/** Counts for those who watch from outside, or null where nobody does. */
export function startMeasures(config: ServerConfig, book: ListenerBook, version: string): Measures | null {
  if (config.metricsBind === null && config.statsdHost === null) return null
  return new Measures({ config, book, version, statsd: openStatsd(config) })
}

function openStatsd({ statsdHost, statsdPrefix: prefix, dogstatsdTags: tags }: ServerConfig): Statsd | null {
  return statsdHost === null ? null : new Statsd({ prefix, tags, send: sender(statsdHost) })
}

/** A datagram that cannot be sent is lost, as datagrams are. */
function sender(to: StatsdHost): (packet: Buffer) => void {
  if (to.kind === 'unix') return createDatagramSender(to.path)
  const { createSocket } = process.getBuiltinModule('node:dgram')
  const socket = createSocket(isIPv6(to.host) ? 'udp6' : 'udp4').unref()
  socket.on('error', () => {})
  return (packet) => socket.send(packet, to.port, to.host, () => {})
}

/** The place where metrics are read. Throws Failure BIND_… when it cannot be had. */
export async function openMetrics(
  config: ServerConfig,
  measures: Measures | null,
): Promise<{ close: () => void } | null> {
  if (config.metricsBind === null || measures === null) return null
  const [address = config.metricsBind] = await resolveAddress(config.metricsBind)
  const owner = lookupUser(config.user, config.group)
  const listener = openListener(address, { backlog: 16, mode: 0o666 & ~config.umask, owner })
  const endpoint = new MetricsEndpoint(listener.fd, () => expose(familiesOf(measures.facts())))
  return {
    close: () => {
      unlinkListener(listener)
      endpoint.close()
    },
  }
}
