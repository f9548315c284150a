import { lookup } from 'node:dns/promises'
import type { ServerConfig } from '../settings/server-table.ts'
import { type DatagramSocket, type DatagramTarget, openDatagramSocket } from '../system/datagram-socket.ts'

export type SyslogSocket = { readonly fd: number; readonly close: () => void }

/** How often a unix socket is connected anew, in milliseconds: a daemon that was started again has another one of that name. */
const renewalMs = 1000

/**
 * The datagram socket through which master and workers reach syslog, or null where that has a stream or is not wanted.
 * Node.js has no unix datagrams, and workers may not be allowed to open what root may: so the master connects one for all.
 */
export async function openSyslogSocket({ logSyslog, logSyslogTo: to }: ServerConfig): Promise<SyslogSocket | null> {
  if (!logSyslog || to.kind === 'tcp' || (to.kind === 'unix' && to.socket === 'stream')) return null
  const target: DatagramTarget = to.kind === 'unix' ? to : { ...to, host: await addressOf(to.host) }
  return hold(openDatagramSocket(target), target.kind === 'unix' ? renewalMs : null)
}

/** A name that leads nowhere at the start is no reason not to serve: its messages are lost, and counted. */
async function addressOf(host: string): Promise<string> {
  try {
    return (await lookup(host)).address
  } catch {
    return '0.0.0.0'
  }
}

function hold(socket: DatagramSocket, renewal: number | null): SyslogSocket {
  socket.connect()
  const timer = renewal === null ? undefined : setInterval(() => socket.connect(), renewal).unref()
  return {
    fd: socket.fd,
    close: () => {
      clearInterval(timer)
      socket.close()
    },
  }
}
