import { Failure } from '../contract/errors.ts'
import { loadModule } from '../settings/load-module.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { WorkerClass } from '../settings/worker-class.ts'
import { describeError } from './describe-error.ts'
import { describeExports, describeValue } from './describe-value.ts'
import { likelyCause } from './likely-cause.ts'
import { orIdle } from './or-idle.ts'

const async: WorkerClass = { name: 'async', create: ({ front }) => front() }
const sync: WorkerClass = { name: 'sync', create: ({ front }) => front({ oneAtATime: true }) }

// Each thread serves as a process of the class async does.
const ours: Readonly<Record<string, WorkerClass>> = { async, sync, threads: async }

/** The class that the config names: one of ours, or the module at a path. Throws Failure WORKER_BOOT. */
export async function loadClass({ workerClass: given }: Pick<ServerConfig, 'workerClass'>): Promise<WorkerClass> {
  const known = ours[given]
  if (known !== undefined) return known
  const words = `the worker class ${given} cannot be loaded`
  const namespace = await inClass(words, () => loadModule(given))
  const found = exportOf(namespace)
  if (isClass(found)) return found
  const message = `${words}: expected an object with a name and a function create as its default export, got ${describeExports(namespace)}`
  throw new Failure('WORKER_BOOT', message, { fix: 'Export default { name, create(context) }: see --worker-class.' })
}

/** Runs code of a worker class; whatever goes wrong there is a Failure WORKER_BOOT that begins with the words. */
export async function inClass<Value>(words: string, act: () => Value | Promise<Value>): Promise<Value> {
  const idle = (): Error => new Error('it waits for a promise that nothing is left to settle')
  try {
    return await orIdle((async () => act())(), idle)
  } catch (cause) {
    const likely = likelyCause(cause)
    const because = likely === null ? '' : `. Likely cause: ${likely.because}`
    const fix = likely === null ? {} : { fix: likely.fix }
    throw new Failure('WORKER_BOOT', `${words}: ${describeError(cause)}${because}`, { cause, ...fix })
  }
}

const parts = ['listenOn', 'drain', 'stats', 'inFlight'] as const

/** What is missing in what a class has made, in words; null when nothing is. */
export function missingParts(unit: unknown): string | null {
  if (typeof unit !== 'object' || unit === null) return `expected an object, got ${describeValue(unit)}`
  const missing = parts.filter((name) => typeof Reflect.get(unit, name) !== 'function')
  return missing.length === 0 ? null : `expected the functions ${parts.join(', ')}; without ${missing.join(', ')}`
}

/** A CommonJS module is all in its default export, and one that a compiler made of an ES module holds a default again. */
function exportOf(namespace: unknown): unknown {
  const outer = property(namespace, 'default')
  return property(outer, 'default') ?? outer
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function isClass(value: unknown): value is WorkerClass {
  return typeof property(value, 'name') === 'string' && typeof property(value, 'create') === 'function'
}
