import cluster from 'node:cluster'
import { syncBuiltinESMExports } from 'node:module'

/**
 * An application that forks workers of its own, `if (cluster.isPrimary) … else app.listen()`, runs its worker branch:
 * the workers are ours. A package sees the truth, that there is no cluster: some send their messages to its primary.
 */
export function poseAsClusterWorker(id: number): void {
  for (const name of ['isWorker', 'isPrimary', 'isMaster']) {
    const get = (): boolean => askedByOthers(get) !== (name === 'isWorker')
    Object.defineProperty(cluster, name, { get, configurable: true })
  }
  Object.assign(cluster, { worker: workerWith(id), fork })
  syncBuiltinESMExports()
}

/** Looks at the file whose code reads the property: the first line of the stack below the getter. */
function askedByOthers(getter: () => boolean): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 1
  const trace = { stack: '' }
  Error.captureStackTrace(trace, getter)
  Error.stackTraceLimit = stackTraceLimit
  return /[\\/]node_modules[\\/]|\(node:(?:net|dgram):/.test(String(trace.stack).split('\n')[1] ?? '')
}

function workerWith(id: number): unknown {
  const worker: object = Reflect.construct(Reflect.get(cluster, 'Worker'), [{ id, state: 'online' }])
  // As a TERM would: the worker takes no new connections, and ends after its last answer.
  const leave = (): unknown => process.emit('SIGTERM', 'SIGTERM')
  const own = { process, send: () => false, isConnected: () => true, isDead: () => false }
  return Object.assign(worker, own, { disconnect: leave, destroy: leave, kill: leave })
}

function fork(): never {
  throw Object.assign(new Error('cluster.fork() was called, but tsicorn runs the workers here'), { code: 'NO_FORK' })
}
