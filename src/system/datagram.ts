import { libc } from './libc.ts'
import { family, socketType } from './numbers.ts'
import { encodeUnix } from './socket-address.ts'

/** Sends datagrams to a unix socket, which Node cannot. One that nobody takes at once is lost. */
export function createDatagramSender(path: string): (packet: Uint8Array) => void {
  let fd: number | null = null
  return (packet) => {
    try {
      fd ??= libc().socket(family.unix, socketType.datagram)
      libc().sendTo(fd, packet, encodeUnix(path))
    } catch {
      // Nobody listens, or too slowly: whoever counts says the rest with the next one.
    }
  }
}
