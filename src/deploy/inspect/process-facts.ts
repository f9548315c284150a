import { readdir, readFile, readlink, stat } from 'node:fs/promises'

/** What the kernel says of a process in /proc/PID/status, and of the files it holds. */
export type ProcessFacts = {
  readonly pid: number
  /** Real, effective, saved and file system ids. */
  readonly uids: readonly number[]
  readonly gids: readonly number[]
  readonly groups: readonly number[]
  /** The effective capabilities, in hexadecimal. */
  readonly capabilities: string
  readonly noNewPrivileges: boolean
  /** 0 is none, 2 is a filter. */
  readonly seccomp: number
  readonly files: number | null
  readonly commandLine: readonly string[]
}

/** Reads what a process is. Throws when it is gone. */
export async function processFacts(pid: number): Promise<ProcessFacts> {
  const [status, limits, command] = await Promise.all(
    ['status', 'limits', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
  )
  if (status === '' || status === undefined) throw new Error(`process ${pid} is gone`)
  return parseFacts(pid, { status, limits: limits ?? '', command: command ?? '' })
}

/** The same from the text of the files. */
export function parseFacts(
  pid: number,
  { status, limits, command }: { readonly status: string; readonly limits: string; readonly command: string },
): ProcessFacts {
  const text = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? ''
  const numbers = (name: string) => text(name).split(/\s+/).filter(Boolean).map(Number)
  const files = /^Max open files\s+(\S+)/m.exec(limits)?.[1]
  return {
    pid,
    ...{ uids: numbers('Uid'), gids: numbers('Gid'), groups: numbers('Groups'), capabilities: text('CapEff') },
    ...{ noNewPrivileges: text('NoNewPrivs') === '1', seccomp: Number(text('Seccomp') || 0) },
    files: files === undefined ? null : files === 'unlimited' ? Number.POSITIVE_INFINITY : Number(files),
    commandLine: command.split('\0').filter(Boolean),
  }
}

/** A file that a process has open, by its path: the inode of what it holds, and whether its name is gone. */
export async function heldFile(pid: number, path: string): Promise<{ readonly inode: number } | null> {
  for (const name of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    const link = `/proc/${pid}/fd/${name}`
    if ((await readlink(link).catch(() => '')) === path) return { inode: (await stat(link)).ino }
  }
  return null
}
