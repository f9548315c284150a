import { isIPv6 } from 'node:net'

/** A name or an IPv4 address (RFC 3986, 3.2.2, without the comma, which joins two Host fields into one), then a port. */
const named = /^(?:[\w.~!$&'()*+;=-]|%[0-9a-f]{2})+(?::\d{0,5})?$/i
const bracketed = /^\[([0-9a-f:.]+)\](?::\d{0,5})?$/i

/** Whether a value is `uri-host [":" port]` (RFC 9110, 7.2). One that is empty names no host. */
export function isHost(value: string): boolean {
  if (named.test(value)) return true
  const address = bracketed.exec(value)?.[1]
  return address !== undefined && isIPv6(address)
}
