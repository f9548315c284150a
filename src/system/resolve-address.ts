import { isIP } from 'node:net'
import { Failure } from '../contract/errors.ts'
import { type Address, formatAddress } from '../contract/listeners.ts'

/**
 * Replaces a host name by its IP addresses, one Address each; other addresses come back as they are.
 * Throws Failure BIND_REFUSED when the name leads nowhere.
 */
export async function resolveAddress(address: Address): Promise<readonly Address[]> {
  if (address.kind !== 'tcp' || isIP(address.host) !== 0) return [address]
  const { port } = address
  const { lookup } = process.getBuiltinModule('node:dns/promises')
  try {
    const found = await lookup(address.host, { all: true, order: 'verbatim' })
    // A name may stand twice in /etc/hosts, and an address can be bound once.
    const hosts = new Set(found.map((entry) => entry.address))
    return [...hosts].map((host) => ({ kind: 'tcp', host, port }))
  } catch (cause) {
    const message = `cannot listen on ${formatAddress(address)}: the host name leads to no address`
    throw new Failure('BIND_REFUSED', message, {
      fix: 'write an IP address, or 0.0.0.0 for all of this machine',
      cause,
    })
  }
}
