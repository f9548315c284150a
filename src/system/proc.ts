import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { basename } from 'node:path'

// All that is read from /proc about processes (proc(5)). Where there is no /proc, nothing is known: null.

/** A process, or ourselves. */
export type Subject = number | 'self'

export type ProcessView = {
  readonly pid: number
  readonly parent: number
  /** One letter: R, S, D, T, Z … */
  readonly state: string
  /** Clock ticks since boot at which it started; with the pid it names a process for good. */
  readonly startTime: number
}

export type Credentials = {
  /** Real, effective, saved, and that of the file system. */
  readonly uids: readonly number[]
  readonly gids: readonly number[]
  readonly groups: readonly number[]
  /** Sets of capabilities as bits. */
  readonly capabilities: { readonly effective: bigint; readonly permitted: bigint; readonly ambient: bigint }
}

/** The text of a file in /proc, or null when it cannot be read. */
export function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return null
  }
}

/** What the kernel says of a process, or null when there is none. */
export function viewProcess(subject: Subject): ProcessView | null {
  const text = readProc(`${subject}/stat`)
  return text === null ? null : parseStat(text)
}

/** Reads `/proc/PID/stat`. The name in it may hold spaces and brackets, so the fields are counted from behind it. */
export function parseStat(text: string): ProcessView | null {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const view = { pid: Number.parseInt(text, 10), parent: Number(fields[1]), startTime: Number(fields[19]) }
  const [state = ''] = fields
  return Object.values(view).every(Number.isInteger) ? { ...view, state } : null
}

/** The kernel counts in hundredths of a second towards programs, whatever it does inside (USER_HZ, proc(5)). */
const ticksPerSecond = 100

/** When a process started, as milliseconds of the wall clock; null when not known. A clock that was set since shifts it. */
export function startedAt(subject: Subject): number | null {
  const view = viewProcess(subject)
  const boot = /^btime (\d+)$/m.exec(readProc('stat') ?? '')?.[1]
  return view === null || boot === undefined ? null : (Number(boot) + view.startTime / ticksPerSecond) * 1000
}

/** Whether a process runs, also one we may not signal. A zombie does not run. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  const view = viewProcess(pid)
  if (view !== null) return view.state !== 'Z' && view.state !== 'X'
  try {
    // Without /proc, or with that of others hidden (hidepid), a signal that is not sent still tells.
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Its arguments, or null when not readable. A process that set a title has that as its one argument. */
export function commandLine(subject: Subject): readonly string[] | null {
  const text = readProc(`${subject}/cmdline`)
  return text === null || text === '' ? null : text.replace(/\0+$/, '').split('\0')
}

/**
 * A process in words: `pid 812 (nginx: master process)`, `pid 812 (node server.js)`.
 * Of its arguments only the one that names a script or file is told: others may be secret.
 */
export function describeProcess(pid: number): string {
  const [program = '', ...parameters] = commandLine(pid) ?? []
  const file = parameters.find((parameter) => /^[^-].*\.[cm]?[jt]s$|^\//.test(parameter))
  const isTitle = /^[\w.-]+: /.test(program)
  const words = isTitle ? program : [program, file ?? ''].map((part) => basename(part)).join(' ')
  const safe = words
    .trim()
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 60)
  return safe === '' ? `pid ${pid}` : `pid ${pid} (${safe})`
}

/** Open descriptors with what they point to, or null when not readable. */
export function openDescriptors(subject: Subject): ReadonlyMap<number, string> | null {
  try {
    const folder = `/proc/${subject}/fd`
    const entries = readdirSync(folder).map((fd) => [Number(fd), readLink(`${folder}/${fd}`)] as const)
    return new Map(entries.filter((entry): entry is [number, string] => entry[1] !== null))
  } catch {
    return null
  }
}

/** The program a process runs, by the name of its file; null when not readable, as of a process that is just ending. */
export function programOf(subject: Subject): string | null {
  const path = readLink(`/proc/${subject}/exe`)
  return path === null ? null : basename(path)
}

/** All processes whose descriptors we may read and of which one is the given socket, by its inode. */
export function holdersOf(inode: number): readonly number[] {
  const target = `socket:[${inode}]`
  return processIds().filter((pid) => [...(openDescriptors(pid)?.values() ?? [])].includes(target))
}

/** Of some processes the one that is no child of another: a master rather than its workers. */
export function eldestOf(pids: readonly number[]): number | null {
  return pids.find((pid) => !pids.includes(viewProcess(pid)?.parent ?? 0)) ?? null
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    return null
  }
}

/** Who a process is, or null when not readable. */
export function viewCredentials(subject: Subject): Credentials | null {
  const text = readProc(`${subject}/status`)
  return text === null ? null : parseStatus(text)
}

/** Reads `/proc/PID/status`. */
export function parseStatus(text: string): Credentials {
  const field = (name: string): string => text.match(new RegExp(`^${name}:[ \\t]*(.*)$`, 'm'))?.[1]?.trim() ?? ''
  const numbers = (name: string): number[] => field(name).split(/\s+/).filter(Boolean).map(Number)
  const bits = (name: string): bigint => BigInt(`0x${field(name) || '0'}`)
  const capabilities = { effective: bits('CapEff'), permitted: bits('CapPrm'), ambient: bits('CapAmb') }
  return { uids: numbers('Uid'), gids: numbers('Gid'), groups: numbers('Groups'), capabilities }
}
