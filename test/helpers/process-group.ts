import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { until } from './until.ts'

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

export type ProcessGroup = {
  readonly child: ChildProcess
  readonly pid: number
  /** How it ended; resolves when the process is gone and its output is read to the end. */
  readonly ended: Promise<Ended>
  /** Kills the process and every descendant in its group, and waits until they are gone. */
  readonly kill: () => Promise<void>
  /** From now on it may outlive this process, which no longer waits for it. */
  readonly release: () => void
}

const running = new Set<number>()

/** Starts a program as the leader of a process group of its own, which does not outlive this process. */
export function spawnGroup(file: string, args: readonly string[], options: SpawnOptions): ProcessGroup {
  const child = spawn(file, args, { ...options, detached: true })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  ended.catch(() => undefined)
  const pid = child.pid
  if (pid === undefined) throw new Error(`${file} cannot be started`)
  running.add(pid)
  const kill = async () => {
    killGroup(pid)
    await until(() => !isGroupAlive(pid), { what: `process group ${pid} to be gone` })
    running.delete(pid)
  }
  const release = () => {
    running.delete(pid)
    child.unref()
  }
  return { child, pid, ended, kill, release }
}

/** The pids of the living children of a process, oldest first. */
export function childPids(pid: number): readonly number[] {
  const isChild = (entry: string) => {
    const [state, parent] = readStat(entry)
    return parent === String(pid) && state !== 'Z'
  }
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && isChild(entry))
    .map(Number)
    .sort((a, b) => a - b)
}

/** Whether there is a process with this pid that is more than a zombie. */
export function isAlive(pid: number): boolean {
  const [state] = readStat(String(pid))
  return state !== undefined && state !== 'Z'
}

/** The fields of /proc/PID/stat after the command, which may itself hold blanks and parentheses (proc(5)). */
function readStat(entry: string): readonly string[] {
  try {
    const text = readFileSync(`/proc/${entry}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}

function isGroupAlive(group: number): boolean {
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false
    const [state, , processGroup] = readStat(entry)
    return processGroup === String(group) && state !== 'Z'
  })
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // ESRCH: nobody is left in the group.
  }
}

function killAll(): void {
  for (const group of running) killGroup(group)
}

process.once('exit', killAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    killAll()
    process.kill(process.pid, signal)
  })
}
