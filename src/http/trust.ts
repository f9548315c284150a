import { BlockList, isIP, isIPv6 } from 'node:net'
import { type Attribution, attribute, type ForwardingFields } from './forwarded.ts'
import { plainAddress } from './plain-address.ts'

export type Trust = {
  /** Whether a peer may speak for a client. One without an address is on a unix socket, which has an owner and a mode. */
  readonly peer: (address: string | undefined) => boolean
  /** Who the client is, by the forwarding headers of a trusted peer. */
  readonly attribute: (fields: ForwardingFields) => Attribution
}

/**
 * Reads the list of addresses, ranges and `*`. With `*` every peer is believed about the client it sees itself, and
 * about nothing further: otherwise any client could choose its own address.
 */
export function trustIn(ranges: readonly string[]): Trust {
  const list = new BlockList()
  for (const range of ranges) if (range !== '*') add(list, range)
  const everyone = ranges.includes('*')
  const isOurs = (address: string): boolean => isIP(address) !== 0 && list.check(address, familyOf(address))
  return {
    peer: rememberLast((address) => address === undefined || everyone || isOurs(plainAddress(address))),
    attribute: remember((fields) => attribute(fields, isOurs)),
  }
}

function add(list: BlockList, range: string): void {
  const [address = '', prefix] = range.split('/')
  if (prefix === undefined) list.addAddress(address, familyOf(address))
  else list.addSubnet(address, Number(prefix), familyOf(address))
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

/** Connections come from the same proxy again and again. */
function rememberLast(peer: Trust['peer']): Trust['peer'] {
  let last: { readonly address: string | undefined; readonly isTrusted: boolean } | null = null
  return (address) => {
    if (last?.address !== address || last === null) last = { address, isTrusted: peer(address) }
    return last.isTrusted
  }
}

type Ask = (fields: ForwardingFields) => Attribution

/** How many clients are remembered, and how long their header may be: a proxy says the same of a client again and again. */
const [most, longest] = [1000, 100]

function remember(ask: Ask): Ask {
  const known = { http: new Map<string, Attribution>(), https: new Map<string, Attribution>() }
  return (fields) => {
    const { xForwardedFor, xForwardedProto, forwarded } = fields
    const isUsual = xForwardedProto === 'https' || xForwardedProto === 'http'
    if (!isUsual || forwarded !== undefined || xForwardedFor === undefined) return ask(fields)
    const clients = known[xForwardedProto]
    const remembered = clients.get(xForwardedFor)
    if (remembered !== undefined) return remembered
    const attribution = ask(fields)
    if (clients.size >= most) clients.clear()
    if (xForwardedFor.length <= longest) clients.set(xForwardedFor, attribution)
    return attribution
  }
}
