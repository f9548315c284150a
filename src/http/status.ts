import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Probe } from './probe.ts'

/** What stands behind the answers. */
export type StatusFacts = {
  /** The server is about to stop: whoever balances should send nothing more. */
  readonly isDraining: () => boolean
  /** Asks the application whether it is well; null where nobody wants that. */
  readonly isHealthy: (() => Promise<boolean>) | null
}

/** Below the path: whether the process answers, whatever else. */
const liveSuffix = '/live'
const readySuffix = '/ready'

/** The paths that the server answers by itself for a status path. */
export function statusPaths(path: string): readonly string[] {
  return [path, path + readySuffix, path + liveSuffix]
}

/**
 * Answers load balancers and orchestrators in the place of the application: exactly at its paths, whatever the query.
 * Who answers is the worker that took the connection.
 */
export function createStatus(path: string, { isDraining, isHealthy }: StatusFacts): Probe['answer'] {
  const [, ready, live] = statusPaths(path)
  return (request, response) => {
    const asked = pathIn(request.url ?? '', path)
    if (asked === null) return false
    if (asked !== path && asked !== ready && asked !== live) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response)
    else if (asked === live) say(request, response, 'live')
    else if (isDraining()) say(request, response, 'draining')
    else if (isHealthy === null) say(request, response, 'ready')
    else void isHealthy().then((healthy) => say(request, response, healthy ? 'ready' : 'unhealthy'))
    return true
  }
}

const origin = /^https?:\/\/[^/?#]*/i

/** The path of a request that may be for us; null for all others. A target may name the host too (RFC 9112, 3.2.2). */
function pathIn(url: string, path: string): string | null {
  const target = url.startsWith('/') ? url : url.replace(origin, '')
  return target.startsWith(path) ? (target.split('?', 1)[0] ?? '') : null
}

type Word = 'live' | 'ready' | 'draining' | 'unhealthy'

function say({ method }: IncomingMessage, response: ServerResponse, status: Word): void {
  const body = `${JSON.stringify({ status })}\n`
  const isWell = status === 'live' || status === 'ready'
  response.writeHead(isWell ? 200 : 503, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'Content-Length': body.length,
  })
  response.end(method === 'HEAD' ? undefined : body)
}

function refuse(response: ServerResponse): void {
  response.writeHead(405, { Allow: 'GET, HEAD', 'Content-Length': 0 }).end()
}
