import { createInterface } from 'node:readline'
import { Failure } from '../contract/errors.ts'
import { groupMembers, signalGroup } from './processes.ts'
import { until } from './until.ts'

export type ChildOrder = {
  /** The word for it in what people read. */
  readonly name: string
  readonly command: string
  readonly arguments: readonly string[]
  readonly directory: string
  /** The whole environment; nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>
}

export type ChildEnd = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** A process we started, the leader of a process group of its own. */
export type Child = {
  readonly name: string
  readonly pid: number
  readonly ended: Promise<ChildEnd>
  /** How it ended; null while it runs. */
  readonly end: () => ChildEnd | null
  readonly output: Output
  readonly signal: (signal: NodeJS.Signals) => void
}

export type Output = {
  /** The last lines, of either stream. */
  readonly lastLines: () => readonly string[]
  /** Calls back for each line from this moment on; returns the way to stop that. */
  readonly listen: (hear: (line: string) => void) => () => void
}

/** How many lines are kept for a failure message. */
const keptLines = 60

/**
 * Starts a process in a session and group of its own, so that a terminal's Ctrl-C and hang-up reach only us
 * and we decide what ends when. Throws STACK_FAILED when it cannot be started at all.
 */
export async function startChild(order: ChildOrder): Promise<Child> {
  const { execa } = await import('execa')
  const subprocess = execa(order.command, [...order.arguments], {
    cwd: order.directory,
    env: order.environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    // execa would otherwise follow TERM with KILL after five seconds, in the middle of a graceful stop.
    forceKillAfterDelay: false,
    buffer: false,
    reject: false,
    all: true,
    stdin: 'ignore',
  })
  const { pid } = subprocess
  if (pid === undefined) {
    const { originalMessage } = await subprocess
    throw new Failure('STACK_FAILED', `${order.name} could not be started: ${originalMessage ?? order.command}`)
  }
  let end: ChildEnd | null = null
  const ended = new Promise<ChildEnd>((resolve) => {
    subprocess.once('exit', (code, signal) => {
      end = { code, signal }
      resolve(end)
    })
  })
  const signal = (name: NodeJS.Signals) => void subprocess.kill(name)
  return { name: order.name, pid, ended, end: () => end, output: gatherLines(subprocess.all), signal }
}

/** Sends `signal` to the leader and, when its group is not gone `within` milliseconds, KILL to all of it. */
export async function stopChild(child: Child, signal: NodeJS.Signals, within: number): Promise<ChildEnd> {
  if (child.end() === null) child.signal(signal)
  const isGone = async () => (child.end() !== null && (await groupMembers(child.pid)).length === 0 ? true : null)
  if ((await until(isGone, { within, every: 15 })) === null) {
    signalGroup(child.pid, 'SIGKILL')
    await until(isGone, { within: 500, every: 10 })
  }
  return child.ended
}

/** In words: `exited with status 3`, `was ended by SIGKILL`. */
export function describeEnd(end: ChildEnd): string {
  return end.signal === null ? `exited with status ${end.code ?? 'unknown'}` : `was ended by ${end.signal}`
}

function gatherLines(stream: NodeJS.ReadableStream): Output {
  const kept: string[] = []
  const hearers = new Set<(line: string) => void>()
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    kept.push(line)
    if (kept.length > keptLines) kept.shift()
    for (const hear of hearers) hear(line)
  })
  const listen = (hear: (line: string) => void) => {
    hearers.add(hear)
    return () => void hearers.delete(hear)
  }
  return { lastLines: () => [...kept], listen }
}
