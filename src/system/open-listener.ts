import { Failure } from '../contract/errors.ts'
import type { Address } from '../contract/listeners.ts'
import type { Listener, ListenOptions } from './listener.ts'
import { openTcp } from './open-tcp.ts'
import { openUnix } from './open-unix.ts'

/**
 * Opens a listening socket without accepting on it. Hosts are IP addresses here; see resolveAddress.
 * Throws Failure BIND_IN_USE (naming the holder where readable), BIND_NOT_A_SOCKET or BIND_REFUSED, with nothing left open.
 */
export function openListener(address: Address, options: ListenOptions): Listener {
  if (address.kind === 'tcp') return openTcp(address, options)
  if (address.kind === 'unix') return openUnix(address.path, options)
  throw new Failure('BIND_REFUSED', `fd://${address.fd} is a descriptor that is open already, not an address to open`)
}
