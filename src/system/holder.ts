import { isIP } from 'node:net'
import { isLeftBehind } from './left-behind.ts'
import { describeProcess, eldestOf, holdersOf, readProc } from './proc.ts'
import { listeningTcp, unixSockets } from './proc-net.ts'
import { encodeIp } from './socket-address.ts'

/** Who has an address. */
export type Holder = {
  /** As `pid 812 (nginx)`. */
  readonly words: string
  /** A worker whose master was killed: it is about to go. */
  readonly isLeftBehind: boolean
}

/** Whether an address may be free in a moment. Where nothing is known of processes it may. */
export function mayPass(holder: Holder | null): boolean {
  return holder?.isLeftBehind ?? readProc('self/stat') === null
}

/** Who listens on a TCP address; null when it cannot be known, as for another user's process. */
export function findTcpHolder(host: string, port: number): Holder | null {
  const address = isIP(host) === 0 ? Buffer.alloc(0) : ipBytes(host)
  const rows = listeningTcp().filter((row) => row.port === port)
  const row = rows.find((other) => overlap(other.address, address)) ?? rows[0]
  return row === undefined ? null : describe(eldestOf(holdersOf(row.inode)), row.inode)
}

/** Who listens on a unix socket's path, likewise. */
export function findUnixHolder(path: string): Holder | null {
  const named = unixSockets().filter((other) => other.path === path)
  // Each accepted connection bears the path of its listener too.
  const listening = named.filter((other) => other.listens)
  const holders = (listening.length > 0 ? listening : named.slice(0, 1)).map(({ inode }) => {
    return { pid: eldestOf(holdersOf(inode)), inode }
  })
  // A socket of ours whose file was removed bears the path still, beside the one that has it now.
  const other = holders.find(({ pid }) => pid !== null && pid !== process.pid) ?? holders[0]
  return other === undefined ? null : describe(other.pid, other.inode)
}

function describe(pid: number | null, inode: number): Holder | null {
  if (pid === null) return null
  if (pid === process.pid) {
    return { words: 'this server itself, since two of its addresses overlap', isLeftBehind: false }
  }
  return { words: describeProcess(pid), isLeftBehind: isLeftBehind(pid, inode) }
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
