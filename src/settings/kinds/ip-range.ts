import { isIP, isIPv4 } from 'node:net'
import { read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'
import { list } from './list.ts'

const ipRange: Kind<string> = {
  placeholder: 'IPS',
  expects: 'addresses (192.0.2.7, 2001:db8::7), networks (10.0.0.0/8) or *, separated by commas',
  repeatable: false,
  parse: parseRange,
  accept: (value) => (typeof value === 'string' ? parseRange(value) : refuse()),
  format: (value) => value,
}

/** Peers by address: single ones, networks, or `*` for all. An empty list is none. */
export const ipRanges: Kind<readonly string[], string | readonly string[]> = withEmpty(
  list(ipRange, { expects: ipRange.expects, separator: ',' }),
)

// An empty text is how the environment, a flag and a file say "none": splitting it would give one empty item.
function withEmpty<Item, Input>(kind: Kind<readonly Item[], Input>): Kind<readonly Item[], Input> {
  return {
    ...kind,
    parse: (text) => (text === '' ? read([]) : kind.parse(text)),
    accept: (value) => (value === '' ? read([]) : kind.accept(value)),
  }
}

function parseRange(text: string): Reading<string> {
  if (text === '*') return read(text)
  const [ip = '', bits, ...rest] = text.split('/')
  if (isIP(ip) === 0 || ip.includes('%') || rest.length > 0) return refuse()
  if (bits === undefined) return read(text)
  const longest = isIPv4(ip) ? 32 : 128
  const legal = /^(?:0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= longest
  return legal ? read(text) : refuse(`a network of this kind ends in /0 to /${longest}`)
}
