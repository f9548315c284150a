import { existsSync, renameSync } from 'node:fs'
import { openConnection } from '../helpers/http-connection.ts'
import { isAlive } from '../helpers/process-group.ts'
import { until } from '../helpers/until.ts'
import { portsHeldBy } from './sockets.ts'
import type { Subject } from './subject.ts'

/** A worker that was ended by force, and the connections it took with it. */
export type Victim = {
  readonly pid: number
  readonly how: 'killed' | 'hung'
  readonly at: number
  readonly ports: ReadonlySet<number>
}

export type Count = { reloads: number; kills: number; hangs: number; rotations: number; scalings: number }

export type Deeds = { readonly count: Count; readonly victims: Victim[] }

export async function reload({ ask }: Subject, { count }: Deeds): Promise<void> {
  const answer = await ask({ command: 'reload' })
  if (!answer.ok) throw new Error(answer.message)
  count.reloads += 1
}

/** Stopped first, so that what it has open when it is killed is known to the last connection. */
export async function killOne(subject: Subject, { count, victims }: Deeds): Promise<void> {
  const stopped = async (): Promise<number | null> => {
    const picked = await pick(subject)
    return send(picked, 'SIGSTOP') ? picked : null
  }
  const pid = await until(stopped, { what: 'a worker that is still there' })
  // The kernel's table is read piece by piece while it changes, so it is read more than once.
  const ports = new Set([1, 2, 3].flatMap(() => [...portsHeldBy(pid)]))
  const at = Date.now()
  victims.push({ pid, how: 'killed', at, ports })
  // A reload that was to replace it may have killed it by now, since it does nothing more.
  send(pid, 'SIGKILL')
  count.kills += 1
  await until(() => !isAlive(pid), { what: 'a killed worker to be gone' })
}

/** Whether there was somebody to send it to: a reload goes on meanwhile. */
function send(pid: number, signal: 'SIGSTOP' | 'SIGKILL'): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** Keeps the event loop of whoever takes this request busy until the master ends it. A stuck loop accepts nothing more. */
export async function hangOne(subject: Subject, { count, victims }: Deeds): Promise<void> {
  const connection = await openConnection({ port: subject.port })
  if (connection === null) throw new Error('nobody listens')
  connection.write('GET /block/60000 HTTP/1.1\r\nHost: a\r\n\r\n')
  const own = connection.socket.localPort ?? 0
  // It may be taken by a worker that has just begun.
  const holder = async () => (await subject.status()).workers.find(({ pid }) => portsHeldBy(pid ?? 0).has(own))
  const pid = await until(async () => (await holder())?.pid, { what: 'somebody to take the request that hangs' })
  const at = Date.now()
  const ports = new Set<number>()
  await until(
    () => {
      for (const port of portsHeldBy(pid)) ports.add(port)
      return !isAlive(pid)
    },
    { what: 'a hung worker to be killed', within: 30_000 },
  )
  connection[Symbol.dispose]()
  victims.push({ pid, how: 'hung', at, ports })
  count.hangs += 1
}

export async function rotate({ logFile, signal }: Subject, { count }: Deeds): Promise<void> {
  count.rotations += 1
  renameSync(logFile, `${logFile}.${count.rotations}`)
  signal('SIGUSR1')
  await until(() => existsSync(logFile), { what: 'the log to be opened anew' })
}

export async function scale({ ask, workers }: Subject, { count }: Deeds): Promise<void> {
  for (const wanted of [Math.ceil(workers / 2), workers]) {
    const answer = await ask({ command: 'scale', workers: wanted })
    if (!answer.ok) throw new Error(answer.message)
  }
  count.scalings += 1
}

export async function pick({ status }: Subject): Promise<number> {
  const { workers } = await status()
  const ready = workers.flatMap(({ pid, state }) => (state === 'ready' && pid !== null ? [pid] : []))
  const pid = ready[Math.floor(Math.random() * ready.length)]
  if (pid === undefined) throw new Error('no worker serves')
  return pid
}
