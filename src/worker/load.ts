import { createServer, type IncomingMessage, type Server } from 'node:http'
import { Failure } from '../contract/errors.ts'
import { toListener } from '../http/fetch-adapter.ts'
import { pathOf } from '../http/path-of.ts'
import { idOf } from '../http/request-id.ts'
import type { Logger } from '../log/logger.ts'
import { loadModule } from '../settings/load-module.ts'
import type { Adoption } from './adopt.ts'
import { blame } from './blame.ts'
import { describeError } from './describe-error.ts'
import { describeValue } from './describe-value.ts'
import { type Found, findExport } from './find-export.ts'
import { findLife } from './find-life.ts'
import type { Target } from './locate.ts'
import { notServable } from './not-servable.ts'
import { orIdle } from './or-idle.ts'
import { type Application, recognise } from './recognise.ts'

export type LoadOptions = {
  readonly target: Target
  readonly adoption: Adoption
  readonly log: Logger
  /** Hears what is being waited for, in words to follow "still". */
  readonly onStep: (step: string) => void
}

/** An application that can serve, and how it ends. */
export type Loaded = {
  readonly server: Server
  /** What the module exports to be called after the last request. */
  readonly shutdown: (() => unknown) | null
  /** Ends an application that makes its own server, with all the hooks it has for that. */
  readonly close: (() => unknown) | null
}

type Served = Pick<Loaded, 'server' | 'close'>

/** Loads the application, starts it, and returns the server that serves it. Throws Failure APP_LOAD. */
export async function loadApplication(options: LoadOptions): Promise<Loaded> {
  const { target, onStep } = options
  const { path } = target
  onStep(`loading ${path}`)
  const namespace = await blame(`${path} cannot be loaded`, () => loadModule(path))
  const { startup, shutdown } = findLife(path, namespace)
  if (startup !== null) {
    onStep(`waiting for the startup of ${path}`)
    await blame(`the startup of ${path} failed`, async () => startup())
  }
  return { shutdown, ...(await findServer(namespace, options)) }
}

async function findServer(namespace: unknown, options: LoadOptions): Promise<Served> {
  const { target, adoption, onStep } = options
  const found = findExport(namespace, target.exportName)
  const application = found === null ? null : recognise(found.value)
  const own = adoption.server()
  if (own !== null && !isAnother(own, target, found)) return { server: own, close: closeOf(application) }
  if (application !== null) {
    adoption.release()
    const { server, close } = await serve(application, options)
    return { server: adoption.take(server), close }
  }
  if (found !== null || target.exportName !== null) throw notServable(target, namespace, found)
  const other = adoption.hasHttp2() ? ', and the server of node:http2 that listens cannot be' : ''
  onStep(`waiting for ${target.path} to listen: it exports nothing that can be served${other}`)
  const server = await orIdle(adoption.adopted, () => notServable(target, namespace, null))
  return { server, close: null }
}

function closeOf(application: Application | null): Served['close'] {
  return application?.kind === 'listens' ? application.close : null
}

/**
 * Whether the operator asked for something else than the server that listened first: an application may have one for
 * its metrics.
 */
function isAnother(own: Server, { exportName }: Target, found: Found | null): boolean {
  const application = found === null || exportName === null ? null : recognise(found.value)
  switch (application?.kind) {
    case 'server':
      return application.server !== own
    case 'listener':
      return typeof found?.value === 'function' && !own.listeners('request').includes(found.value)
    case 'factory':
      return true
    default:
      return false
  }
}

async function serve(application: Application, options: LoadOptions): Promise<Served> {
  const { target, adoption, log, onStep } = options
  switch (application.kind) {
    case 'server':
      return { server: application.server, close: null }
    case 'listener':
      adoption.alias(application.listener)
      return { server: createServer(application.listener), close: null }
    case 'fetch': {
      const onError = (err: unknown, { method, url, headers }: IncomingMessage): void => {
        const [path, requestId] = [pathOf(url), idOf({ headers })]
        const words = `${method} ${path} (id ${requestId}) failed: ${describeError(err)}`
        log.error({ event: 'request.failed', method, path, requestId, err }, words)
      }
      return { server: createServer(toListener(application.fetch, onError)), close: null }
    }
    case 'listens':
      onStep(`waiting for ${target.path} to listen`)
      await blame(`${target.path} cannot start`, application.listen)
      return { server: await adoption.adopted, close: application.close }
    case 'factory':
      onStep(`waiting for the function that ${target.path} exports to return an application`)
      return serveMade(
        await blame(`${target.path} cannot make its application`, async () => application.make()),
        options,
      )
  }
}

/** What a factory made; one that returns nothing may have listened, or may do so later. */
async function serveMade(made: unknown, options: LoadOptions): Promise<Served> {
  const { target, adoption, onStep } = options
  const own = adoption.server()
  const application = recognise(made)
  if (own !== null) return { server: own, close: closeOf(application) }
  if (application !== null && application.kind !== 'factory') return serve(application, options)
  const failure = (): Failure =>
    new Failure(
      'APP_LOAD',
      `the function that ${target.path} exports returned ${describeValue(made)}, which cannot be served`,
      {
        fix: 'Let it return the application, or call listen(); a request listener takes two arguments, request and response.',
      },
    )
  if (made !== undefined) throw failure()
  onStep(`waiting for ${target.path} to listen: its function returned nothing`)
  return { server: await orIdle(adoption.adopted, failure), close: null }
}
