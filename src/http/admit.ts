import type { ServerResponse } from 'node:http'
import type { Connection, Exchange } from './connections.ts'
import { dropFields, replaceHost } from './drop-fields.ts'
import type { Finding } from './inspect.ts'
import type { Limits } from './limits.ts'
import type { Refusal } from './refusals.ts'
import { authorityOf } from './target.ts'
import { watchBody } from './watch-body.ts'

export type AdmitOptions = {
  readonly limits: Limits
  /** Something in the body that only shows as it comes. */
  readonly onOffence: (connection: Connection, exchange: Exchange, refusal: Refusal) => void
}

/** Does what a request that is let in, but is not as usual, needs before the application sees it. */
export function admit(connection: Connection, exchange: Exchange, finding: Finding, options: AdmitOptions): void {
  const { request, response } = exchange
  if (finding.underscored && options.limits.underscored === 'drop') dropFields(request, (name) => name.includes('_'))
  if (finding.absolute) replaceHost(request, authorityOf(request.url ?? '') ?? '')
  if (finding.chunked) {
    watchBody(request, options.limits, (refusal) => options.onOffence(connection, exchange, refusal))
  }
  if (finding.upgrades && Reflect.get(request, 'upgrade') !== true) endAfter(connection, response)
}

/**
 * Behind a request for another protocol the parser stops, whether or not the protocol changes: what the same packet
 * holds after it would never be answered.
 */
function endAfter(connection: Connection, response: ServerResponse): void {
  connection.closing = true
  response.shouldKeepAlive = false
}
