import { isIPv4, isIPv6 } from 'node:net'

export type ProxyProtocol = 'v1' | 'v2' | 'auto'

/** Who a balancer says is at the far end. Without an address where it says that it does not know, or speaks for itself. */
export type Announced = {
  /** False where the balancer speaks for itself, as its health checks do: then the peer is the client. */
  readonly relayed: boolean
  readonly address: string | undefined
  readonly port: number | undefined
}

export type ProxyHeader =
  | { readonly state: 'incomplete' }
  | { readonly state: 'complete'; readonly announced: Announced; readonly length: number }
  | { readonly state: 'wrong'; readonly reason: string }

const prefixV1 = Buffer.from('PROXY ')
const signatureV2 = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
/** The longest line of version 1, line end included (PROXY protocol specification, 2.1). */
const longestV1 = 107
/** The longest header of version 2: what follows the addresses may hold a certificate, but not without end. */
const longestV2 = 4096

const own: Announced = { relayed: false, address: undefined, port: undefined }
const unknown: Announced = { relayed: true, address: undefined, port: undefined }
const incomplete: ProxyHeader = { state: 'incomplete' }

/**
 * Reads the header that a balancer puts before the first byte of its client (the PROXY protocol of HAProxy). Strict: the
 * specification forbids to guess whether there is one.
 */
export function readProxyHeader(bytes: Buffer, accepted: ProxyProtocol): ProxyHeader {
  if (accepted !== 'v2' && beginsLike(bytes, prefixV1)) return readV1(bytes)
  if (accepted !== 'v1' && beginsLike(bytes, signatureV2)) return readV2(bytes)
  return wrong(`the connection does not begin with a PROXY header${accepted === 'auto' ? '' : ` of ${accepted}`}`)
}

/** Whether the bytes begin with the prefix, as far as there are any. */
function beginsLike(bytes: Buffer, prefix: Buffer): boolean {
  const known = Math.min(bytes.length, prefix.length)
  return bytes.subarray(0, known).equals(prefix.subarray(0, known))
}

function wrong(reason: string): ProxyHeader {
  return { state: 'wrong', reason }
}

function complete(announced: Announced, length: number): ProxyHeader {
  return { state: 'complete', announced, length }
}

function readV1(bytes: Buffer): ProxyHeader {
  const end = bytes.subarray(0, longestV1).indexOf('\r\n')
  if (end < 0)
    return bytes.length < longestV1 ? incomplete : wrong(`its PROXY line has no end within ${longestV1} bytes`)
  const line = bytes.toString('latin1', 0, end)
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return complete(unknown, end + 2)
  const [, family, source = '', target = '', sourcePort = '', targetPort = '', ...rest] = line.split(' ')
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isPlainIPv6 : null
  if (isAddress === null) return wrong('its PROXY line names no family that there is')
  if (rest.length > 0 || !isAddress(source) || !isAddress(target)) return wrong('its PROXY line names no addresses')
  if (!isPort(sourcePort) || !isPort(targetPort)) return wrong('its PROXY line names no ports')
  const address = family === 'TCP4' ? source : canonical(source)
  return complete({ relayed: true, address, port: Number(sourcePort) }, end + 2)
}

function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes('%')
}

function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535
}

/** Bytes of the addresses and ports of each family, by its number (PROXY protocol specification, 2.2). */
const addressBytes: Readonly<Record<number, number>> = { 0: 0, 1: 12, 2: 36, 3: 216 }
const fixedBytes = signatureV2.length + 4

function readV2(bytes: Buffer): ProxyHeader {
  if (bytes.length < fixedBytes) return incomplete
  const [command = 0, family = 0] = bytes.subarray(signatureV2.length)
  if (command >> 4 !== 2) return wrong('its PROXY header is of no version that there is')
  const isLocal = (command & 15) === 0
  if (!isLocal && (command & 15) !== 1) return wrong('its PROXY header holds no command that there is')
  const length = fixedBytes + bytes.readUInt16BE(fixedBytes - 2)
  if (length > longestV2) return wrong(`its PROXY header is longer than ${longestV2} bytes`)
  // What a balancer says while it speaks for itself is of no meaning, but must be skipped.
  if (isLocal) return bytes.length < length ? incomplete : complete(own, length)
  const needed = addressBytes[family >> 4]
  // A stream, or unspecified: this is no socket for datagrams.
  if (needed === undefined || (family & 15) > 1) return wrong('its PROXY header names no family that there is')
  if (length < fixedBytes + needed) return wrong('its PROXY header is too short for its addresses')
  return bytes.length < length ? incomplete : complete(sourceOf(bytes.subarray(fixedBytes), family), length)
}

/** Families and transports other than TCP over IPv4 and IPv6 name no client by an address. */
function sourceOf(block: Buffer, family: number): Announced {
  if (family === 0x11)
    return { relayed: true, address: [...block.subarray(0, 4)].join('.'), port: block.readUInt16BE(8) }
  if (family !== 0x21) return unknown
  const groups = Array.from({ length: 8 }, (_, at) => block.readUInt16BE(2 * at).toString(16))
  return { relayed: true, address: canonical(groups.join(':')), port: block.readUInt16BE(32) }
}

/** As RFC 5952 writes it, which is how node:net shows a peer; an IPv4 address in the clothes of IPv6 as IPv4. */
function canonical(address: string): string {
  const { hostname } = new URL(`http://[${address}]`)
  const written = hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(written)
  if (mapped === null) return written
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
