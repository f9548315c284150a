import { isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Address } from '../contract/listeners.ts'
import { family } from './numbers.ts'

/** The longest path of a unix socket in bytes; the kernel's field has 108, one for the end (unix(7)). */
export const longestPath = 107

/** A unix address as the kernel reads it. A leading `@` stands for the NUL of an abstract name, as systemd writes it. */
export function encodeUnix(path: string): Buffer {
  const name = Buffer.from(path.startsWith('@') ? `\0${path.slice(1)}` : `${path}\0`)
  return Buffer.concat([short(family.unix), name])
}

/** An IP address and port as the kernel reads them, or null when the host is no IP address. */
export function encodeIp(host: string, port: number): Buffer | null {
  const portBytes = Buffer.of(port >> 8, port & 0xff)
  if (isIPv4(host)) {
    return Buffer.concat([short(family.ipv4), portBytes, Buffer.from(host.split('.').map(Number)), Buffer.alloc(8)])
  }
  if (!isIPv6(host)) return null
  const [plain = '', zone] = host.split('%')
  const bytes = [short(family.ipv6), portBytes, Buffer.alloc(4), ipv6Bytes(plain), zoneBytes(zone)]
  return Buffer.concat(bytes)
}

/** Reads what getsockname(2) says; null for a family that is neither IP nor unix. */
export function decodeAddress(bytes: Buffer): Address | null {
  const [kind] = new Uint16Array(copy(bytes, 0, 2))
  if (kind === family.ipv4) {
    return { kind: 'tcp', host: [...bytes.subarray(4, 8)].join('.'), port: bytes.readUInt16BE(2) }
  }
  if (kind === family.ipv6) {
    return { kind: 'tcp', host: formatIpv6(bytes.subarray(8, 24)) + zoneOf(bytes), port: bytes.readUInt16BE(2) }
  }
  return kind === family.unix ? { kind: 'unix', path: unixPath(bytes.subarray(2)) } : null
}

/** The sixteen bytes of an IPv6 address without zone. */
export function ipv6Bytes(text: string): Buffer {
  // A dotted end is two groups of hexadecimal digits (RFC 4291, 2.2).
  const hex = text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    const group = (high: string, low: string): string => (Number(high) * 256 + Number(low)).toString(16)
    return `${group(a, b)}:${group(c, d)}`
  })
  const [head = '', tail] = hex.split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const middle = new Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0)
  return Buffer.from([...left, ...middle, ...right].flatMap((group) => [group >> 8, group & 0xff]))
}

/** The usual short form (RFC 5952), which the URL parser makes. */
export function formatIpv6(bytes: Uint8Array): string {
  const text = Buffer.from(bytes)
    .toString('hex')
    .replace(/(.{4})(?!$)/g, '$1:')
  return new URL(`http://[${text}]/`).hostname.slice(1, -1)
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}

/** Two bytes in the machine's own order. */
function short(number: number): Buffer {
  return Buffer.from(Uint16Array.of(number).buffer)
}

function copy(bytes: Buffer, start: number, end: number): ArrayBuffer {
  return Uint8Array.from(bytes.subarray(start, end)).buffer
}

function unixPath(bytes: Buffer): string {
  if (bytes[0] === 0 && bytes.length > 1) return `@${bytes.subarray(1).toString()}`
  const end = bytes.indexOf(0)
  return bytes.subarray(0, end < 0 ? bytes.length : end).toString()
}

/** A zone is an interface's name or number; link-local addresses mean nothing without one (RFC 4007). */
function zoneBytes(zone: string | undefined): Buffer {
  const text = zone ?? '0'
  const scope = /^\d+$/.test(text) ? Number(text) : zones().find(([name]) => name === text)?.[1]
  return Buffer.from(Uint32Array.of(scope ?? 0).buffer)
}

function zoneOf(bytes: Buffer): string {
  const [scope = 0] = new Uint32Array(copy(bytes, 24, 28))
  return scope === 0 ? '' : `%${zones().find(([, number]) => number === scope)?.[0] ?? scope}`
}

function zones(): readonly (readonly [name: string, scope: number])[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).flatMap((address) => (address.family === 'IPv6' ? [[name, address.scopeid] as const] : [])),
  )
}
