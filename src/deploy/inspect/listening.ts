import { readdir, readFile, readlink } from 'node:fs/promises'

/** A program that listens on a TCP port. What only root may see is empty. */
export type Listening = {
  readonly port: number
  readonly pid: number | null
  readonly program: string
  readonly unit: string
}

// The state LISTEN in /proc/net/tcp (include/net/tcp_states.h).
const listen = '0A'

/** Every TCP listener of this host, from /proc. */
export async function listeningPrograms(): Promise<readonly Listening[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readText(`/proc/net/${name}`)))
  const sockets = tables.flatMap(parseTable)
  const owners = await ownersOf(new Set(sockets.map(({ inode }) => inode)))
  return Promise.all(sockets.map(({ port, inode }) => describe(port, owners.get(inode) ?? null)))
}

/** The listeners in a table such as /proc/net/tcp: ports, and the inodes of their sockets. */
export function parseTable(text: string): readonly { readonly port: number; readonly inode: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, address = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    const port = Number.parseInt(address.split(':').at(-1) ?? '', 16)
    return state === listen && Number.isInteger(port) ? [{ port, inode }] : []
  })
}

/** The lowest process that holds each socket: of a server with workers, the one they come from. */
async function ownersOf(inodes: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const owners = new Map<string, number>()
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  for (const pid of pids.sort((one, other) => other - one)) {
    const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
    for (const target of links) {
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
      if (inode !== undefined && inodes.has(inode)) owners.set(inode, pid)
    }
  }
  return owners
}

async function describe(port: number, pid: number | null): Promise<Listening> {
  if (pid === null) return { port, pid, program: '', unit: '' }
  const [program, cgroup] = await Promise.all([readText(`/proc/${pid}/comm`), readText(`/proc/${pid}/cgroup`)])
  return { port, pid, program: program.trim(), unit: /\/([\w@.\\-]+\.service)$/m.exec(cgroup)?.[1] ?? '' }
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
