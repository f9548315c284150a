import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The ports of 127.0.0.1 at the other end of the TCP connections that a process has open (proc_pid_net(5)). */
export function portsHeldBy(pid: number): ReadonlySet<number> {
  const inodes = socketInodes(pid)
  const ports = new Set<number>()
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    const inode = fields[9]
    if (inode === undefined || !inodes.has(inode)) continue
    ports.add(Number.parseInt(fields[2]?.split(':')[1] ?? '', 16))
  }
  return ports
}

function socketInodes(pid: number): ReadonlySet<string> {
  const inodes = new Set<string>()
  try {
    for (const fd of readdirSync(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]
      if (inode !== undefined) inodes.add(inode)
    }
  } catch {
    // It is gone, and holds nothing.
  }
  return inodes
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
