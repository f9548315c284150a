import { createServer, type Server } from 'node:http'
import { Failure } from '../contract/errors.ts'
import { toListener } from '../http/fetch-adapter.ts'
import type { Logger } from '../log/logger.ts'
import { loadModule } from '../settings/load-module.ts'
import type { Adoption } from './adopt.ts'
import { blame } from './blame.ts'
import { describeValue } from './describe-value.ts'
import { type Found, findExport } from './find-export.ts'
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

/** Loads the application and returns the server that serves it. Throws Failure APP_LOAD. */
export async function loadApplication(options: LoadOptions): Promise<Server> {
  const { target, adoption, onStep } = options
  onStep(`loading ${target.path}`)
  const namespace = await blame(`${target.path} cannot be loaded`, () => loadModule(target.path))
  const found = findExport(namespace, target.exportName)
  const application = found === null ? null : recognise(found.value)
  const own = adoption.server()
  if (own !== null && !isAnother(own, target, found)) return own
  if (application !== null) {
    adoption.release()
    return adoption.take(await serve(application, options))
  }
  if (found !== null || target.exportName !== null) throw notServable(target, namespace, found)
  onStep(`waiting for ${target.path} to listen: it exports nothing that can be served`)
  return orIdle(adoption.adopted, () => notServable(target, namespace, null))
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

async function serve(application: Application, options: LoadOptions): Promise<Server> {
  const { target, adoption, log, onStep } = options
  switch (application.kind) {
    case 'server':
      return application.server
    case 'listener':
      adoption.alias(application.listener)
      return createServer(application.listener)
    case 'fetch':
      return createServer(
        toListener(application.fetch, (err) => log.error({ event: 'request.failed', err }, 'a request failed')),
      )
    case 'listens':
      onStep(`waiting for ${target.path} to listen`)
      await blame(`${target.path} cannot start`, application.listen)
      return adoption.adopted
    case 'factory':
      onStep(`waiting for the function that ${target.path} exports to return an application`)
      return serveMade(
        await blame(`${target.path} cannot make its application`, async () => application.make()),
        options,
      )
  }
}

/** What a factory made; one that returns nothing may have listened, or may do so later. */
function serveMade(made: unknown, options: LoadOptions): Promise<Server> | Server {
  const { target, adoption, onStep } = options
  const own = adoption.server()
  if (own !== null) return own
  const application = recognise(made)
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
  return orIdle(adoption.adopted, failure)
}
