import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { childPids, spawnGroup } from '../helpers/process-group.ts'
import { launcher, repository } from '../helpers/repository.ts'
import { until } from '../helpers/until.ts'
import type { Tools } from './tools.ts'

const folder = join(repository, 'test', 'bench')
export const appOf = (name: string): string => join(repository, 'test', 'apps', 'bench', `${name}.mjs`)
const program = (name: string): string => join(folder, 'programs', `${name}.mjs`)

/** One way to run an application, serving. */
export type Contender = AsyncDisposable & {
  readonly who: string
  /** The process that was started first: the master, where there is one. */
  readonly pid: number
  /** That one and its children: all that work for a request. */
  readonly pids: () => readonly number[]
  /** Milliseconds from the start of the process until the last worker listened. */
  readonly readyMs: number
  /** The environment that other commands of its find it by. */
  readonly env: Readonly<Record<string, string>>
}

type Command = {
  readonly who: string
  readonly args: readonly string[]
  /** What each worker prints when it listens, and how many of them there are. */
  readonly ready: RegExp
  readonly count: number
  readonly env?: Readonly<Record<string, string>>
}

/** A contender that is to be started: where its workers listen is a path or a port of 127.0.0.1. */
export type Order = { readonly app: string; readonly place: string; readonly workers: number }

/** What serve.mjs is told by the environment, because PM2 has arguments of its own. */
function told(app: string, place: string): Readonly<Record<string, string>> {
  return { SERVE_APP: app, SERVE_PLACE: place }
}

const listening = /^listening$/gm

export function startBare({ app, place }: Pick<Order, 'app' | 'place'>): Promise<Contender> {
  return start({ who: 'node', args: [program('serve')], ready: listening, count: 1, env: told(app, place) })
}

export function startCluster({ app, place, workers }: Order): Promise<Contender> {
  const args = [program('cluster'), String(workers)]
  return start({ who: 'node:cluster', args, ready: listening, count: workers, env: told(app, place) })
}

/** PM2 in cluster mode, in the foreground. */
export function startPm2(pm2: NonNullable<Tools['pm2']>, dir: string, order: Order): Promise<Contender> {
  const { app, place, workers } = order
  // Its sockets are in there: a home of its own for each, with a short name (unix(7)).
  const home = mkdtempSync(join(dir, 'p'))
  const file = join(home, 'bench.config.json')
  const common = { name: 'bench', script: program('serve'), env: told(app, place), cwd: repository }
  writeFileSync(file, JSON.stringify({ apps: [{ ...common, instances: workers, exec_mode: 'cluster' }] }))
  const args = [pm2.runtime, 'start', file, '--raw']
  return start({ who: 'PM2', args, ready: listening, count: workers, env: { PM2_HOME: home } })
}

export type TsicornOrder = Omit<Order, 'place'> & {
  readonly bind: string
  readonly who?: string
  readonly flags?: readonly string[]
}

export function startTsicorn({ who = 'tsicorn', app, bind, workers, flags = [] }: TsicornOrder): Promise<Contender> {
  const args = [launcher, 'serve', '-b', bind, '-w', String(workers), '--log-format', 'plain', ...flags, app]
  return start({ who, args, ready: /\d+ workers? ready|ready.*\d+ workers?/g, count: 1 })
}

async function start({ who, args, ready, count, env: own = {} }: Command): Promise<Contender> {
  const env = cleanEnvironment({ ...own, NODE_ENV: 'production' })
  const begin = performance.now()
  const { child, pid, kill, ended } = spawnGroup(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  let readyMs = Number.NaN
  const read = (chunk: Buffer): void => {
    if (!Number.isNaN(readyMs)) return
    text += chunk.toString()
    if ((text.match(ready)?.length ?? 0) >= count) readyMs = performance.now() - begin
  }
  let isGone = false
  void ended.then(() => {
    isGone = true
  })
  child.stdout?.on('data', read)
  child.stderr?.on('data', read)
  try {
    await until(() => isGone || !Number.isNaN(readyMs), { what: `${who} to be ready`, within: 60_000 })
    if (isGone) throw new Error('it ended')
  } catch (error) {
    await kill()
    throw new Error(`${who} does not start: ${text.slice(-2000)}`, { cause: error })
  }
  const pids = (): readonly number[] => [pid, ...childPids(pid)]
  return { who, pid, pids, readyMs, env, [Symbol.asyncDispose]: kill }
}
