import { readdir, readFile } from 'node:fs/promises'

/** What the kernel says of a process in /proc/PID/stat. */
export type ProcessState = {
  readonly pid: number
  readonly name: string
  /** One letter: `Z` and `X` are processes that have ended. */
  readonly state: string
  readonly parent: number
  readonly group: number
}

/** Reads a line of /proc/PID/stat. The name may hold spaces and parentheses, so the last parenthesis ends it. */
export function parseStat(text: string): ProcessState | null {
  const opened = text.indexOf('(')
  const closed = text.lastIndexOf(')')
  if (opened < 0 || closed < opened) return null
  const [state = '', parent = '', group = ''] = text.slice(closed + 2).split(' ')
  const pid = Number.parseInt(text, 10)
  if (!Number.isInteger(pid) || state === '' || group === '') return null
  return { pid, name: text.slice(opened + 1, closed), state, parent: Number(parent), group: Number(group) }
}

/** The state of one process, or null when there is none. */
export async function processState(pid: number): Promise<ProcessState | null> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return null
  }
}

/** Whether a process runs. One that has ended but was not collected by its parent does not. */
export async function isRunning(pid: number): Promise<boolean> {
  const found = await processState(pid)
  return found !== null && !hasEnded(found)
}

/** The running processes of a process group, by pid. */
export async function groupMembers(group: number): Promise<readonly number[]> {
  return (await runningProcesses()).filter((found) => found.group === group).map((found) => found.pid)
}

/** The running processes that a process started and that are still its own, by pid. */
export async function childrenOf(parent: number): Promise<readonly number[]> {
  return (await runningProcesses()).filter((found) => found.parent === parent).map((found) => found.pid)
}

/** Sends a signal to each process of a group; a group that is gone is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error
  }
}

async function runningProcesses(): Promise<readonly ProcessState[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const states = await Promise.all(pids.map((pid) => processState(Number(pid))))
  return states.filter((found) => found !== null).filter((found) => !hasEnded(found))
}

function hasEnded(found: ProcessState): boolean {
  return found.state === 'Z' || found.state === 'X'
}
