import type { Server } from 'node:http'
import { Failure } from '../contract/errors.ts'
import type { Release, StartOrder } from '../contract/messages.ts'
import type { ServingUnit } from '../contract/serving.ts'
import { accessWitness } from '../http/access-witness.ts'
import { askInside } from '../http/health.ts'
import { warmUp } from '../http/warm-up.ts'
import { allOf, type Witness } from '../http/witness.ts'
import type { AccessLog } from '../log/access-log.ts'
import type { Logger } from '../log/logger.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { adoptListen } from './adopt.ts'
import { type CacheOutcome, useCompileCache } from './compile-cache.ts'
import { enter } from './enter.ts'
import { loadHooks, type WorkerHooks } from './hooks.ts'
import { type Loaded, loadApplication } from './load.ts'
import { loadClass } from './load-class.ts'
import { locate } from './locate.ts'
import { type Measuring, startMeasuring } from './measure.ts'
import { both, openAccessLog } from './open-access-log.ts'
import { openWorkerLog } from './open-log.ts'
import { orIdle } from './or-idle.ts'
import { ownAnswers } from './own-answers.ts'
import { poseAsClusterWorker } from './pose-as-cluster-worker.ts'
import { createReadiness, type Readiness } from './readiness.ts'
import { releaseOf } from './release.ts'
import { serveAs } from './serve-as.ts'
import { type StallWatch, watchStalls } from './stall-watch.ts'
import type { Place } from './threads/place.ts'
import { allowStaying } from './threads/stay.ts'

export type Start = StartOrder<ServerConfig>

export type StartOptions = {
  readonly order: Start
  readonly env: Readonly<Record<string, string | undefined>>
  /** Shows the application the command line it would have had under node. */
  readonly pose: (script: string) => void
  readonly place: Place | null
  readonly onLog: (log: Logger) => void
  /** Hears what is being waited for, in words to follow "still". */
  readonly onStep: (step: string) => void
  /** What happens when the application closes its server: resolves when no connection is left. */
  readonly onClose: () => Promise<void>
}

/** An application behind its front door. */
export type Running = {
  readonly front: ServingUnit
  readonly loaded: Loaded
  readonly hooks: WorkerHooks
  readonly measuring: Measuring | null
  readonly readiness: Readiness
  readonly release: Release | null
  /** Already watched, where there was time for it. */
  readonly watch: StallWatch | null
}

/** From the first order to a healthy application behind its front door. Throws Failure. */
export async function startUp(options: StartOptions): Promise<Running> {
  const { order, env, pose, place, onStep, onLog, onClose } = options
  const { config, listeners, slot } = order
  const tls = place === null ? enter(order) : place.tls
  const opened = openWorkerLog(order, env, place?.number ?? null)
  const { log } = opened
  const accessLog = openAccessLog(order, opened)
  onLog(accessLog === null ? log : both(log, accessLog))
  onStep('evaluating the config file for its hooks')
  const hooks = await loadHooks({ ...order, thread: place?.number ?? null }, log)
  opened.relay.use(hooks.logger, log.error)
  await hooks.postSpawn()
  if (config.preload) tellOfCache(useCompileCache(env), log)
  const target = locate(config.app ?? '', process.cwd())
  pose(target.path)
  onStep(`loading the worker class ${config.workerClass}`)
  const workerClass = await loadClass(config)
  poseAsClusterWorker(order.worker)
  if (place !== null) allowStaying()
  const adoption = adoptListen({ address: listeners[0]?.address ?? null, onClose })
  // What only spares a client some milliseconds must not keep a worker from starting, whatever was loaded before it.
  if (order.isServed) await orIdle(warmUp(config), () => new Error('no answer')).catch(() => {})
  const loaded = await loadApplication({ target, adoption, log, onStep })
  const { server } = loaded
  const probe = ownAnswers(config, slot)
  const readiness = createReadiness(config)
  const measuring = order.trial ? null : startMeasuring(config)
  const witness = witnessOf(accessLog, measuring, hooks)
  // Those who do not speak HTTP/2 do not load it.
  const http2 = tls?.protocols.includes('h2') ? (await import('../http/h2/streams.ts')).createStreams : null
  const common = { server, listeners, settings: config, tls, http2, probe, status: readiness.answer, witness, log }
  const { unit, server: served } = await serveAs(workerClass, common, config)
  if (config.healthPath !== null) {
    onStep(`asking ${config.healthPath}`)
    await checkHealth(served, config.healthPath)
  }
  readiness.serves(served)
  const watch = order.isServed ? watchStalls(config, place) : null
  await watch?.begun
  if (!order.trial) await hooks.ready()
  const release = releaseOf(target.path, { chdir: config.chdir, cwd: process.cwd() })
  return { front: unit, loaded, hooks, measuring, readiness, release, watch }
}

function witnessOf(accessLog: AccessLog | null, measuring: Measuring | null, hooks: WorkerHooks): Witness | null {
  return allOf([
    ...(accessLog === null ? [] : [accessWitness(accessLog)]),
    ...(measuring === null ? [] : [measuring.witness]),
    ...hooks.witnesses(),
  ])
}

function tellOfCache(outcome: CacheOutcome, log: Logger): void {
  if ('directory' in outcome) {
    return log.debug({ event: 'worker.compile-cache' }, `compiled code is kept in ${outcome.directory}`)
  }
  log.debug({ event: 'worker.no-compile-cache' }, `compiled code is not kept: ${outcome.because}`)
}

async function checkHealth(server: Server, path: string): Promise<void> {
  const silent = (): Error => new Error('no answer, and nothing is left that could give one')
  const status = await orIdle(askInside(server, path), silent).catch((cause: Error) => {
    throw unhealthy(path, `failed: ${cause.message}`)
  })
  if (status >= 400) throw unhealthy(path, `answered ${status}`)
}

function unhealthy(path: string, what: string): Failure {
  return new Failure('WORKER_BOOT', `the health path ${path} ${what}, expected a status below 400`, {
    fix: 'See what the application logs, or set --health-path to a route that answers when it can serve.',
  })
}
