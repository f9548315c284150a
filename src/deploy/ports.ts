import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'

/** Who listens on a port. The process is known only when its descriptors may be read: our own, or all as root. */
export type Holder = {
  readonly pid: number | null
  readonly name: string | null
  readonly uid: number
}

export type PortState = 'free' | 'taken' | 'forbidden'

/** A row of /proc/net/tcp or tcp6 that listens. */
export type ListenRow = { readonly port: number; readonly uid: number; readonly inode: string }

/** The listening rows of /proc/net/tcp or tcp6: `0A` is TCP_LISTEN, and the port is hexadecimal. */
export function parseListenRows(text: string): readonly ListenRow[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/)
      const port = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)
      return state === '0A' && Number.isInteger(port) ? [{ port, uid: Number(uid), inode }] : []
    })
}

/**
 * Whether this process could listen on the port of this machine's loopback addresses.
 * Both are asked, because a browser that is sent to `localhost` may take either.
 */
export async function portState(port: number): Promise<PortState> {
  const states = await Promise.all(['127.0.0.1', '::1'].map((host) => tryToListen(host, port)))
  return states.find((state) => state !== 'free') ?? 'free'
}

/** The process that listens on a port, as far as /proc tells; null when nobody is seen. */
export async function portHolder(port: number): Promise<Holder | null> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readText(path)))
  const row = tables.flatMap(parseListenRows).find((candidate) => candidate.port === port)
  if (row === undefined) return null
  const pid = await ownerOf(`socket:[${row.inode}]`)
  const name = pid === null ? null : (await readText(`/proc/${pid}/comm`)).trim()
  return { pid, name, uid: row.uid }
}

/** The next free port above `port` that is not among `spoken`, or null when there is none nearby. */
export async function nextFreePort(port: number, spoken: readonly number[]): Promise<number | null> {
  for (let candidate = port + 1; candidate <= Math.min(port + 200, 65_535); candidate += 1) {
    if (!spoken.includes(candidate) && (await portState(candidate)) === 'free') return candidate
  }
  return null
}

/** A port that nobody listens on, chosen by the system. */
export async function anyFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Whether this machine has the IPv6 loopback address. */
export async function hasIpv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '::1', port: 0 }, () => server.close(() => resolve(true)))
  })
}

function tryToListen(host: string, port: number): Promise<PortState> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(stateAfter(error)))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')))
  })
}

/** A machine without IPv6 answers EADDRNOTAVAIL or EAFNOSUPPORT for ::1: nobody can stand in the way there. */
function stateAfter(error: NodeJS.ErrnoException): PortState {
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'forbidden'
  return error.code === 'EADDRINUSE' ? 'taken' : 'free'
}

async function ownerOf(link: string): Promise<number | null> {
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      if ((await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')) === link) return Number(pid)
    }
  }
  return null
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
