import { isIP } from 'node:net'
import { describeProcess, eldestOf, holdersOf } from './proc.ts'
import { listeningTcp, unixSockets } from './proc-net.ts'
import { encodeIp } from './socket-address.ts'

/** Who listens on a TCP address, as `pid 812 (nginx)`; null when it cannot be known, as for another user's process. */
export function describeTcpHolder(host: string, port: number): string | null {
  const address = isIP(host) === 0 ? Buffer.alloc(0) : ipBytes(host)
  const rows = listeningTcp().filter((row) => row.port === port)
  const row = rows.find((other) => overlap(other.address, address)) ?? rows[0]
  return row === undefined ? null : describeSocketHolder(row.inode)
}

/** Who listens on a unix socket's path, likewise. */
export function describeUnixHolder(path: string): string | null {
  const named = unixSockets().filter((other) => other.path === path)
  // Each accepted connection bears the path of its listener too.
  const listening = named.filter((other) => other.listens)
  const holders = (listening.length > 0 ? listening : named.slice(0, 1)).map(({ inode }) => eldestOf(holdersOf(inode)))
  // A socket of ours whose file was removed bears the path still, beside the one that has it now.
  return describeHolder(holders.find((pid) => pid !== null && pid !== process.pid) ?? holders[0] ?? null)
}

function describeSocketHolder(inode: number): string | null {
  return describeHolder(eldestOf(holdersOf(inode)))
}

function describeHolder(pid: number | null): string | null {
  if (pid === process.pid) return 'this server itself, since two of its addresses overlap'
  return pid === null ? null : describeProcess(pid)
}

/** Whether one process listening on the first address may keep another from the second. */
function overlap(one: Buffer, other: Buffer): boolean {
  return isWildcard(one) || isWildcard(other) || unmapped(one).equals(unmapped(other))
}

function isWildcard(address: Buffer): boolean {
  return address.every((byte) => byte === 0)
}

/** An IPv4 address inside IPv6 (`::ffff:127.0.0.1`) is that IPv4 address. */
function unmapped(address: Buffer): Buffer {
  const prefix = Buffer.from('00000000000000000000ffff', 'hex')
  return address.length === 16 && address.subarray(0, 12).equals(prefix) ? address.subarray(12) : address
}

function ipBytes(host: string): Buffer {
  const encoded = encodeIp(host, 0) ?? Buffer.alloc(0)
  return encoded.length === 16 ? encoded.subarray(4, 8) : encoded.subarray(8, 24)
}
