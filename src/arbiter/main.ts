import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isatty } from 'node:tty'
import { daemonVariable } from '../contract/daemon.ts'
import { type ExitCode, exitCodes } from '../contract/exit-codes.ts'
import { handOverVariable } from '../contract/hand-over.ts'
import type { Identity } from '../contract/identity.ts'
import type { Logger } from '../log/logger.ts'
import { type OpenLog, openLog } from '../log/open-log.ts'
import { type Output, sendOutput, withOutput } from '../log/standard-output.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { isInForeground } from '../system/foreground.ts'
import { createNotifier, watchdogPeriod } from '../system/notify.ts'
import { redirectOutput } from '../system/redirect-output.ts'
import { lookupUser } from '../system/user.ts'
import { Belongings } from './belongings.ts'
import { checkCertificate, warnOfCertificate } from './check-certificate.ts'
import { claimAccessLog } from './claim-access-log.ts'
import { startDaemon, starterOf } from './daemon.ts'
import { forDevelopment } from './development.ts'
import { Ears } from './ears.ts'
import { readHandOver } from './heir.ts'
import { workerCount } from './limits.ts'
import type { ListenerBook } from './listener-book.ts'
import { Loop } from './loop.ts'
import { MasterHooks } from './master-hooks.ts'
import type { Measures } from './measures.ts'
import { startMeasures } from './metrics-post.ts'
import { openListeners } from './open-listeners.ts'
import { openSyslogSocket } from './syslog-socket.ts'
import { tryApplication } from './trial.ts'
import type { World } from './world.ts'

export type MasterOptions = {
  /** Reads the config; called again for each reload. Throws Failure. */
  readonly load: () => Promise<ServerConfig>
  /** Try config and application, and start nothing. */
  readonly checkOnly?: boolean
}

/**
 * Becomes the master: opens the listeners, starts the workers and keeps them until told to stop.
 * Returns the exit status. Throws Failure when nothing could be started.
 */
export async function runMaster({ load: read, checkOnly = false }: MasterOptions): Promise<ExitCode> {
  const startedAt = performance.now()
  const { [handOverVariable]: _, [daemonVariable]: __, ...env } = process.env
  const heir = readHandOver(process.env)
  const load = async (): Promise<ServerConfig> => forDevelopment(await read())
  const config = await load()
  const identity = lookupUser(config.user, config.group)
  checkCertificate(config)
  if (checkOnly) {
    await tryApplication(config, { env, signal: new AbortController().signal })
    return exitCodes.ok
  }
  const place = { command: process.argv.slice(1), cwd: process.cwd(), env }
  const starter = starterOf(process.env)
  if (config.daemon && heir === null && starter === null) return startDaemon(place)
  const notifier = starter ?? createNotifier(env['NOTIFY_SOCKET'])
  return keep({ ...place, config, identity, heir, load, notifier, startedAt })
}

type Beginning = Pick<World, 'config' | 'env' | 'cwd' | 'command' | 'heir' | 'load' | 'notifier' | 'startedAt'> & {
  readonly identity: Identity | null
}

/** Holds what the master has until its life is over. */
async function keep({ identity, ...beginning }: Beginning): Promise<ExitCode> {
  const { config, heir, env, notifier } = beginning
  process.umask(config.umask)
  process.title = `tsicorn: master [${config.name ?? basename(config.app ?? '')}]`
  const onTerminal = !config.daemon && (isatty(0) || isatty(2))
  // A new master beside an old one is no longer what the shell started.
  const isShells = onTerminal && heir === null && isInForeground()
  const ears = new Ears(() => isShells && !isatty(0) && !isatty(2))
  const { log, relay, syslog, output } = await openMasterLog(config, identity)
  const belongings = new Belongings(config, heir, env)
  const { book } = belongings
  const period = watchdogPeriod(env, process.pid)
  const inherit = (asked: Loop): void => void takeOver(belongings, { asked, measures, log })
  const measures = startMeasures(config, book, version())
  const hooks = new MasterHooks({ config, log, relay, version: version(), listeners: () => book.labels })
  return hooks.frame(async () => {
    try {
      const plan = { workers: workerCount(config), generation: 1 }
      const draft = await openListeners(() => book.prepare(config, plan))
      draft.take()
      greet(log, config, book)
      warnOfCertificate(checkCertificate(config), log)
      const tidyUp = (successor: number): void => belongings.tidyUp(successor)
      const tools = { book, log, ears, hooks, measures, inherit, tidyUp, syslog }
      const own = { ...tools, onTerminal, watchdogPeriod: period, version: version() }
      const loop = new Loop({ ...beginning, ...own })
      if (heir === null) belongings.openControl(loop)
      if (heir === null) await belongings.openMetrics(measures)
      if (output !== null) sendOutput(output)
      return await loop.run()
    } finally {
      belongings.release()
      notifier.close()
      log.flush()
    }
  })
}

type Inheritance = { readonly asked: Loop; readonly measures: Measures | null; readonly log: Logger }

async function takeOver(belongings: Belongings, { asked, measures, log }: Inheritance): Promise<void> {
  try {
    belongings.inherit(asked)
    await belongings.openMetrics(measures)
  } catch (err) {
    log.error({ event: 'hand-over.incomplete', err }, 'not all that the old master had could be taken over')
  }
}

type MasterLog = Pick<OpenLog, 'log' | 'relay'> & { readonly syslog: number | null; readonly output: Output | null }

async function openMasterLog(config: ServerConfig, owner: Identity | null): Promise<MasterLog> {
  const syslog = await openSyslogSocket(config)
  claimAccessLog(config)
  const { log, relay } = openLog({ config, env: process.env, owner, base: {}, stderr: 2, syslog })
  const output = config.daemon ? { file: config.errorLogfile, owner, redirect: redirectOutput } : null
  return { log: output === null ? log : withOutput(log, output), relay, syslog, output }
}

function greet(log: Logger, config: ServerConfig, book: ListenerBook): void {
  const listeners = book.labels.join(', ')
  log.info(
    { event: 'master.listening', listeners: book.labels },
    `listening on ${listeners}, master pid ${process.pid}, Node ${process.version}`,
  )
  log.debug({ event: 'master.config', app: config.app, workers: config.workers }, `application ${config.app}`)
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
