import type { ServerConfig } from '../settings/server-table.ts'
import { type DatagramSocket, type DatagramTarget, openDatagramSocket } from '../system/datagram-socket.ts'

/** How often a unix socket is connected anew, in milliseconds: a daemon that was started again has another one of that name. */
const renewalMs = 1000

/**
 * The descriptor of the datagram socket through which master and workers reach syslog, or null where that has a stream or is not wanted.
 * Node.js has no unix datagrams, and workers may not be allowed to open what root may: so the master connects one for all.
 */
export async function openSyslogSocket({ logSyslog, logSyslogTo: to }: ServerConfig): Promise<number | null> {
  if (!logSyslog || to.kind === 'tcp' || (to.kind === 'unix' && to.socket === 'stream')) return null
  const target: DatagramTarget = to.kind === 'unix' ? to : { ...to, host: await addressOf(to.host) }
  return hold(openDatagramSocket(target), target.kind === 'unix' ? renewalMs : null)
}

/** A name that leads nowhere at the start is no reason not to serve: its messages are lost, and counted. */
async function addressOf(host: string): Promise<string> {
  try {
    const { lookup } = process.getBuiltinModule('node:dns/promises')
    return (await lookup(host)).address
  } catch {
    return '0.0.0.0'
  }
}

/** As long as the process lives: what it says last goes there too. */
function hold(socket: DatagramSocket, renewal: number | null): number {
  socket.connect()
  if (renewal !== null) setInterval(() => socket.connect(), renewal).unref()
  return socket.fd
}
