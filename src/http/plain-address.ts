import { isIP } from 'node:net'

/** An IPv4 address as a dual-stack socket shows it, `::ffff:192.0.2.1`, is that IPv4 address (RFC 4291, 2.5.5.2). */
export function plainAddress(address: string): string {
  const mapped = address.slice(0, 7).toLowerCase() === '::ffff:' ? address.slice(7) : ''
  return isIP(mapped) === 4 ? mapped : address
}
