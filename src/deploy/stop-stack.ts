import { access, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pidFileOf } from '../bundle/trial.ts'
import type { ProxyName } from '../settings/proxies.ts'
import { type Child, describeEnd, stopChild } from './child.ts'
import { groupMembers } from './processes.ts'
import type { StopFacts } from './target.ts'
import { until } from './until.ts'

export type Stack = {
  /** In the order in which they are started. */
  readonly children: readonly Child[]
  readonly runtimeDirectory: string
  readonly frontPrefix: string
  readonly proxy: ProxyName
  /** How long the server may take to let its requests finish, in milliseconds. */
  readonly gracefulTimeout: number
}

/** The stop that nobody waits for: INT lets the server, and TERM lets a proxy, end at once. */
const quickSignals: Readonly<Record<string, NodeJS.Signals>> = { tsicorn: 'SIGINT' }

/** TERM ends HAProxy at once and by the signal itself; USR1 lets it finish. */
const gracefulSignals: Readonly<Record<string, NodeJS.Signals>> = { haproxy: 'SIGUSR1' }

/** Nobody waits longer than two seconds: then come KILL, and the time it takes to clear up. */
const quickPatience = 1300

/** Stops all processes at once; those that do not go are killed. */
export async function stopQuickly(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => stopChild(child, quickSignals[child.name] ?? 'SIGTERM', quickPatience)))
}

/** Stops as a service manager does, the proxy first, and looks for what is left behind. */
export async function stopCleanly(stack: Stack): Promise<StopFacts> {
  const ends: StopFacts['ends'][number][] = []
  const leftovers: number[] = []
  for (const child of stack.children.toReversed()) {
    child.signal(gracefulSignals[child.name] ?? 'SIGTERM')
    await until(() => child.end(), { within: stack.gracefulTimeout + 5000 })
    await until(async () => ((await groupMembers(child.pid)).length === 0 ? true : null), { within: 2000 })
    if (child.end() !== null) leftovers.push(...(await groupMembers(child.pid)))
    const late = child.end() === null
    const end = await stopChild(child, 'SIGTERM', 0)
    const words = late ? 'did not end and was killed' : describeEnd(end)
    ends.push({ name: child.name, words, clean: !late && end.code === 0 })
  }
  return { ends, leftovers, remains: await findRemains(stack) }
}

async function findRemains({ runtimeDirectory, frontPrefix, proxy }: Stack): Promise<readonly string[]> {
  const sockets = await readdir(runtimeDirectory).catch(() => [])
  const pidFile = join(frontPrefix, pidFileOf(proxy))
  const hasPidFile = await access(pidFile).then(
    () => true,
    () => false,
  )
  return [...sockets.map((name) => join(runtimeDirectory, name)), ...(hasPidFile ? [pidFile] : [])]
}
