import { cleanEnvironment } from './clean-environment.ts'
import type { Target } from './http-request.ts'
import { childPids, type Ended, type ProcessGroup, spawnGroup } from './process-group.ts'
import { keepLog } from './report-logs.ts'
import { findApp, launcher } from './repository.ts'
import { collectLog, type ServerLog } from './server-log.ts'
import { type TempDir, tempDir } from './temp-dir.ts'
import { until, type Waiting } from './until.ts'

export type ServerOptions = {
  /** A name in test/apps (`echo`, `echo:EXPORT`) or a path. */
  readonly app?: string
  readonly flags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Working directory; a fresh folder otherwise. */
  readonly cwd?: string
  /** Content of a tsicorn.config.json that is written for this run. */
  readonly config?: Readonly<Record<string, unknown>>
  /** Where to listen unless flags or config say so: a unix socket, a port of the system's choice, or nowhere of ours. */
  readonly bind?: 'unix' | 'tcp' | 'none'
  /** Another Node.js than the one that runs the tests. */
  readonly node?: string
  /** Another launcher than the one of the repository. */
  readonly program?: string
  /** A program that starts the server in its place, and what it is told: `['prlimit', '--nofile=64']`. */
  readonly under?: readonly string[]
  /** Milliseconds until the ready line. */
  readonly within?: number
}

export type Server = AsyncDisposable & {
  readonly pid: number
  /** The first address in the log, for requests. */
  readonly target: Target
  /** Port of the first TCP address in the log; 0 when there is none. */
  readonly port: number
  /** Path of the first unix socket in the log; empty when there is none. */
  readonly socketPath: string
  readonly dir: TempDir
  /** Pids of the living children of the master. */
  readonly workers: () => readonly number[]
  /** What the server wrote, line by line. */
  readonly log: readonly string[]
  readonly expectLog: ServerLog['expect']
  readonly claimLog: ServerLog['claim']
  readonly signal: (name: NodeJS.Signals) => void
  /** Resolves when the master is gone. */
  readonly ended: Promise<Ended>
  /** Asks the master to stop (SIGTERM unless told otherwise) and waits until it has. */
  readonly stop: (signal?: NodeJS.Signals, waiting?: Waiting) => Promise<Ended>
}

const readyLine = /\bready\b.*\b\d+ workers?\b|\b\d+ workers?\b.*\bready\b/

/**
 * Starts the built tsicorn with an application and waits for the ready line.
 * Leaving scope kills it with all its workers, and throws when its log holds an alarming line that nobody claimed.
 */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const dir = await tempDir()
  const group = await spawnServer(dir, options)
  const log = collectLog([group.child.stdout, group.child.stderr])
  keepLog(`tsicorn ${group.child.spawnargs.slice(2).join(' ')} (pid ${group.pid})`, log.lines)
  void group.ended.then(log.end, log.end)
  try {
    await awaitReady(log, group, options.within ?? 30_000)
  } catch (error) {
    await group.kill()
    await dir[Symbol.asyncDispose]()
    throw error
  }
  return describeServer(dir, group, log)
}

async function spawnServer(dir: TempDir, options: ServerOptions): Promise<ProcessGroup> {
  const flags = options.flags ?? []
  const isBound = flags.some((flag) => /^(-b|--bind\b)/.test(flag)) || options.config?.bind !== undefined
  const bind = options.bind ?? (isBound ? 'none' : 'unix')
  const address = { unix: [`--bind`, `unix:${dir.join('s')}`], tcp: ['--bind', '127.0.0.1:0'], none: [] }[bind]
  const config = options.config && (await dir.write('tsicorn.config.json', JSON.stringify(options.config)))
  const app = options.app === undefined ? [] : [findApp(options.app)]
  const args = [
    options.program ?? launcher,
    'serve',
    ...address,
    ...(config ? ['--config', config] : []),
    ...flags,
    ...app,
  ]
  const cwd = options.cwd ?? dir.path
  const [file = '', ...more] = [...(options.under ?? []), options.node ?? process.execPath, ...args]
  return spawnGroup(file, more, {
    cwd,
    env: cleanEnvironment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function awaitReady(log: ServerLog, group: ProcessGroup, within: number): Promise<void> {
  let end: Ended | undefined
  void group.ended.then((ended) => {
    end = ended
  })
  await until(() => log.lines.some((line) => readyLine.test(line)) || end, { within, what: 'the ready line' })
  if (end === undefined) return
  const how = end.signal ?? `status ${end.code}`
  throw new Error(`the server ended with ${how} before it was ready:\n${log.lines.join('\n')}`)
}

function describeServer(dir: TempDir, group: ProcessGroup, log: ServerLog): Server {
  const find = (pattern: RegExp) =>
    log.lines.map((line) => pattern.exec(line)?.[1]).find((match) => match !== undefined)
  const port = Number(find(/(?:127\.0\.0\.1|\[::1\]|0\.0\.0\.0|\[::\]):(\d+)/) ?? 0)
  const socketPath = find(/unix:([^\s"',;:)\]]+)/) ?? ''
  const signal = (name: NodeJS.Signals) => void process.kill(group.pid, name)
  return {
    pid: group.pid,
    target: socketPath === '' ? { port } : { socketPath },
    port,
    socketPath,
    dir,
    workers: () => childPids(group.pid),
    log: log.lines,
    expectLog: log.expect,
    claimLog: log.claim,
    signal,
    ended: group.ended,
    stop: async (name = 'SIGTERM', waiting) => {
      signal(name)
      let end: Ended | undefined
      void group.ended.then((ended) => {
        end = ended
      })
      return until(() => end, { what: `the server to end after ${name}`, within: 30_000, ...waiting })
    },
    [Symbol.asyncDispose]: async () => {
      await group.kill()
      await group.ended
      log.end()
      await dir[Symbol.asyncDispose]()
      const alarming = log.unclaimed()
      if (alarming.length > 0)
        throw new Error(`the log holds lines that the test did not expect:\n${alarming.join('\n')}`)
    },
  }
}
