import { isIPv6 } from 'node:net'
import { libc } from './libc.ts'
import { family, socketType } from './numbers.ts'
import { encodeIp, encodeUnix } from './socket-address.ts'

export type DatagramTarget =
  /** An IP address. */
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** A datagram socket that leads somewhere: what is written to its descriptor, by whatever process that has it, is sent. */
export type DatagramSocket = {
  readonly fd: number
  /** Connects it, or connects it anew when the other end is another one by now. Returns null, or why that cannot be. */
  readonly connect: () => string | null
}

/** Not connected yet. Throws SystemError where the system has no socket to spare. */
export function openDatagramSocket(target: DatagramTarget): DatagramSocket {
  const address = target.kind === 'unix' ? encodeUnix(target.path) : encodeIp(target.host, target.port)
  const kind = target.kind === 'unix' ? family.unix : isIPv6(target.host) ? family.ipv6 : family.ipv4
  const fd = libc().socket(kind, socketType.datagram)
  return {
    fd,
    connect: () => {
      try {
        libc().connect(fd, address ?? Buffer.alloc(0))
        return null
      } catch (error) {
        return (error as Error).message
      }
    },
  }
}
