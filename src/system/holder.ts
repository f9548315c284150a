import { isIP } from 'node:net'
import { isLeftBehind } from './left-behind.ts'
import { describeProcess, eldestOf, holdersOf, readProc } from './proc.ts'
import { listeningTcp, unixSockets } from './proc-net.ts'
import { encodeIp } from './socket-address.ts'

/** Who has an address. */
export type Holder = {
  /** As `pid 812 (nginx)`; null when it is nobody who can be named. */
  readonly words: string | null
  /** Has let go of it by now, or is ending. */
  readonly isGoing: boolean
  /** Workers whose master was killed: they are about to go. */
  readonly leftBehind: readonly number[]
}

const nobody: Holder = { words: null, isGoing: true, leftBehind: [] }

/**
 * Whether an address may be free in a moment. Where nothing is known of processes it may. A worker that was left behind
 * while it was stopped (SIGSTOP) goes as soon as it goes on, so it is made to.
 */
export function letPass(holder: Holder | null): boolean {
  if (holder === null) return readProc('self/stat') === null
  for (const pid of holder.leftBehind) wake(pid)
  return holder.isGoing || holder.leftBehind.length > 0
}

/**
 * Who has the socket of a user that no process was seen to have: somebody whom only that user and root can see, or a
 * process that is ending, whose descriptors are gone before its sockets are closed.
 */
export function unseenHolder(uid: number): Holder | null {
  const own = process.getuid?.()
  return own === 0 || own === uid ? nobody : null
}

function wake(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT')
  } catch {
    // It is gone, or another user's.
  }
}

/** Who listens on a TCP address; null when it cannot be known, as for another user's process. */
export function findTcpHolder(host: string, port: number): Holder | null {
  const address = isIP(host) === 0 ? Buffer.alloc(0) : ipBytes(host)
  const rows = listeningTcp().filter((row) => row.port === port)
  const row = rows.find((other) => overlap(other.address, address)) ?? rows[0]
  if (row === undefined) return readProc('net/tcp') === null ? null : nobody
  return describe(holdersOf(row.inode), row.inode) ?? unseenHolder(row.uid)
}

/** Who listens on a unix socket's path; null when nobody can be seen to. */
export function findUnixHolder(path: string): Holder | null {
  const named = unixSockets().filter((other) => other.path === path)
  // Each accepted connection bears the path of its listener too.
  const listening = named.filter((other) => other.listens)
  const sockets = (listening.length > 0 ? listening : named.slice(0, 1)).map(({ inode }) => {
    return { pids: holdersOf(inode), inode }
  })
  // A socket of ours whose file was removed bears the path still, beside the one that has it now.
  const other = sockets.find(({ pids }) => ![null, process.pid].includes(eldestOf(pids))) ?? sockets[0]
  return other === undefined ? null : describe(other.pids, other.inode)
}

function describe(pids: readonly number[], inode: number): Holder | null {
  const eldest = eldestOf(pids)
  if (eldest === null) return null
  if (eldest === process.pid) {
    return named('this server itself, since two of its addresses overlap')
  }
  return { ...named(describeProcess(eldest)), leftBehind: isLeftBehind(eldest, inode) ? pids : [] }
}

export function named(words: string): Holder {
  return { words, isGoing: false, leftBehind: [] }
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
