import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** How many descriptors a process has open. */
export function countDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** What the descriptors of a process lead to: files by their path, sockets and pipes as such. In the order of the alphabet. */
export function descriptorsOf(pid: number): readonly string[] {
  const folder = `/proc/${pid}/fd`
  const links = readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`))
  return links.map((link) => link.replace(/^(socket|pipe):.*/, '$1')).sort()
}

/** How many sockets a process has open. */
export function countSockets(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length
}

/**
 * How many connections that came to a TCP port a process still has open: those of /proc/net/tcp (proc(5)) that have an
 * inode. What the kernel alone has, because nobody has taken it yet or everybody has closed it, has none.
 */
export function countConnections(port: number): number {
  const [hex, listening] = [port.toString(16).toUpperCase().padStart(4, '0'), '0A']
  const rows = readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1)
  return rows.filter((row) => {
    const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/)
    return local.endsWith(`:${hex}`) && state !== listening && inode !== '0'
  }).length
}

/** How many unix datagram sockets a process has open: type 0002 in /proc/net/unix (proc(5)). */
export function countDatagramSockets(pid: number): number {
  const rows = readFileSync('/proc/net/unix', 'utf8').split('\n')
  const inodes = rows.flatMap((row) => /^\w+: \w+ \w+ \w+ 0002 \w+ +(\d+)/.exec(row)?.[1] ?? [])
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter((fd) => {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1]
    return inode !== undefined && inodes.includes(inode)
  }).length
}

/** The CPU time a process has used so far, in ticks of a hundredth of a second (proc(5)). */
export function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:')
  } catch {
    return false
  }
}

/** Resident memory of a process, in bytes: proc(5) counts pages of 4 KiB. */
export function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096
}

/** The most memory that a process has had resident so far, in bytes. */
export function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024
}
