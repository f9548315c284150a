import type { IncomingMessage } from 'node:http'
import { showClient } from './client-socket.ts'
import type { Connection } from './connections.ts'
import { isEncrypted } from './scheme.ts'
import type { Trust } from './trust.ts'

/**
 * Makes a request say who its client is: `remoteAddress`, `remotePort`, `remoteFamily` and `encrypted` of its socket,
 * which is where Express, Koa, Fastify and Hono look. Headers in which anyone but a trusted proxy names a client go.
 * False when the proxies contradict each other about the scheme: what is secure must not be decided by guessing.
 */
export function tellClient(connection: Connection, request: IncomingMessage, trust: Trust): boolean {
  const { headers } = request
  if (!connection.trusted) {
    dropFields(request, isForwarding)
    return true
  }
  const xForwardedFor = text(headers['x-forwarded-for'])
  const xForwardedProto = text(headers['x-forwarded-proto'])
  const forwarded = headers.forwarded
  const others = otherSchemes(headers)
  if (xForwardedFor === undefined && xForwardedProto === undefined && forwarded === undefined && others.length === 0) {
    showClient(connection, request, null)
    return true
  }
  const { client, chain, proto, contradictory } = trust.attribute({ xForwardedFor, xForwardedProto, forwarded })
  const encrypted = client.encrypted ?? others[0]
  if (contradictory || others.some((other) => other !== encrypted)) return false
  showClient(connection, request, encrypted === client.encrypted ? client : { ...client, encrypted })
  if (chain !== xForwardedFor) replaceField(request, 'x-forwarded-for', chain)
  if (proto !== xForwardedProto) replaceField(request, 'x-forwarded-proto', proto)
  if (xForwardedFor !== undefined && forwarded !== undefined) dropFields(request, (name) => name === 'forwarded')
  return true
}

const none: readonly boolean[] = []

/** What older proxies say of the scheme in headers of their own; they are Gunicorn's secure_scheme_headers too. */
function otherSchemes(headers: IncomingMessage['headers']): readonly boolean[] {
  const ssl = headers['x-forwarded-ssl']
  const protocol = headers['x-forwarded-protocol']
  if (ssl === undefined && protocol === undefined) return none
  return `${text(ssl) ?? ''},${text(protocol) ?? ''}`
    .split(',')
    .map((word) => isEncrypted(word.trim()))
    .filter((encrypted) => encrypted !== undefined)
}
function text(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}

const forwarding = /^(?:x-forwarded-.*|forwarded|x-real-ip)$/

function isForwarding(name: string): boolean {
  const first = name.charCodeAt(0)
  return (first === 120 || first === 102) && forwarding.test(name)
}

function dropFields(request: IncomingMessage, unwanted: (name: string) => boolean): void {
  for (const name in request.headers) if (unwanted(name)) replaceField(request, name, undefined)
}

/** Changes a header wherever an application may look for it: `headers`, `headersDistinct` and `rawHeaders`. */
function replaceField(request: IncomingMessage, name: string, value: string | undefined): void {
  // Made from rawHeaders when first asked for, by their number at the begin, so it is asked for before that changes.
  const { rawHeaders, headersDistinct } = request
  let spelling = name
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const written = rawHeaders[at] ?? ''
    if (written.length !== name.length || written.toLowerCase() !== name) continue
    spelling = written
    rawHeaders.splice(at, 2)
  }
  if (value === undefined) {
    delete request.headers[name]
    delete headersDistinct[name]
    return
  }
  rawHeaders.push(spelling, value)
  request.headers[name] = value
  headersDistinct[name] = [value]
}
