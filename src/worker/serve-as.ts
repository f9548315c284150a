import type { Server } from 'node:http'
import { Failure } from '../contract/errors.ts'
import type { ServingUnit } from '../contract/serving.ts'
import { createFront, type FrontOptions } from '../http/front.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { WorkerClass, WorkerContext } from '../settings/worker-class.ts'
import { inClass, missingParts } from './load-class.ts'

export type Served = {
  readonly unit: ServingUnit
  /** The server behind the unit's front door. */
  readonly server: Server
}

/** Has a worker class make what serves. Throws Failure WORKER_BOOT. */
export async function serveAs(workerClass: WorkerClass, common: FrontOptions, config: ServerConfig): Promise<Served> {
  let served = common.server
  const front: WorkerContext['front'] = (own = {}) => {
    served = own.server ?? served
    return createFront({ ...common, ...own })
  }
  const { listeners, server, log } = common
  const words = `the worker class ${workerClass.name} cannot begin`
  const unit = await inClass(words, () => workerClass.create({ config, listeners, server, log, front }))
  const missing = missingParts(unit)
  if (missing !== null) throw new Failure('WORKER_BOOT', `${words}: its create returned no unit: ${missing}`)
  return { unit, server: served }
}
