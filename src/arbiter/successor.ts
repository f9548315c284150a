import { spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { type HandOver, handOverVariable, heirReady } from '../contract/hand-over.ts'
import type { ListenerBook } from './listener-book.ts'

export type SuccessorEvents = {
  readonly spawned: (pid: number) => void
  readonly ready: () => void
  readonly gone: (how: string) => void
}

export type SuccessorPlan = {
  readonly book: ListenerBook
  readonly env: NodeJS.ProcessEnv
  /** The command line this master was started with, script first. */
  readonly command: readonly string[]
  readonly cwd: string
}

const lifelineFd = 3

/** Starts the same command again as a new master on the same sockets. Both serve until one of them is told to stop. */
export function startSuccessor({ book, env, command, cwd }: SuccessorPlan, events: SuccessorEvents): void {
  const { listeners, descriptors } = book.bequeath(lifelineFd + 1)
  const handOver: HandOver = { lifeline: lifelineFd, listeners, supervised: book.isSupervised }
  // The service manager's watchdog is for whoever is the master, and that may soon be the new one.
  const { WATCHDOG_PID: _, ...kept } = env
  const child = spawn(process.execPath, [...process.execArgv, ...command], {
    cwd,
    stdio: ['inherit', 'inherit', 'inherit', 'pipe', ...descriptors],
    env: { ...kept, [handOverVariable]: JSON.stringify(handOver) },
  })
  child.once('error', (error) => events.gone(`the system refuses to start it: ${error.message}`))
  child.once('spawn', () => events.spawned(child.pid ?? 0))
  child.once('exit', (code, signal) =>
    events.gone(signal === null ? `it ended with status ${code}` : `it was ended by ${signal}`),
  )
  // Without a descriptor to spare there is no list either, whatever the types say.
  const lifeline = (child.stdio as typeof child.stdio | undefined)?.[lifelineFd]
  if (!(lifeline instanceof Duplex)) return
  lifeline.on('error', () => {})
  lifeline.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes(heirReady)) events.ready()
  })
}
