import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingHttpHeaders } from 'node:http'
import { requestScope } from './contract/request-scope.ts'

/** The request that is being served. */
export type CurrentRequest = {
  /** Its X-Request-Id, made by the server where it came without. */
  readonly id: string | undefined
  /** Its traceparent (W3C Trace Context), for what is asked of other services on its behalf. */
  readonly traceparent: string | undefined
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingHttpHeaders
}

type Asked = Pick<CurrentRequest, 'method' | 'url' | 'headers'>

const scopes = globalThis as { [requestScope]?: AsyncLocalStorage<Asked> }

scopes[requestScope] ??= new AsyncLocalStorage<Asked>()

/**
 * The request that the calling code is serving, also after any await, timer or callback; undefined outside of requests
 * and outside of tsicorn. Importing this module is what turns it on: it costs each request a little, and nobody else.
 */
export function currentRequest(): CurrentRequest | undefined {
  const asked = scopes[requestScope]?.getStore()
  if (asked === undefined) return undefined
  const { method, url, headers } = asked
  return { id: one(headers['x-request-id']), traceparent: one(headers['traceparent']), method, url, headers }
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
