import { isHost } from './host.ts'
import { type Refusal, refusals } from './refusals.ts'

/** `http://host/path`, as it is sent to a proxy and must be understood by every server (RFC 9112, 3.2.2). */
const absolute = /^https?:\/\/([^/?#]*)/i
const hostAndPort = /:\d{1,5}$/

/** What is wrong with a request target that does not begin with a slash, or null (RFC 9112, 3.2). */
export function inspectTarget(method: string, url: string): Refusal | null {
  if (method === 'CONNECT') return isHost(url) && hostAndPort.test(url) ? null : refusals.targetAuthority
  if (url === '*') return method === 'OPTIONS' ? null : refusals.targetStar
  const authority = authorityOf(url)
  if (authority === null) return refusals.target
  return isHost(authority) ? null : refusals.targetAuthority
}

/** The host and port of a target in absolute form, or null. */
export function authorityOf(url: string): string | null {
  return absolute.exec(url)?.[1] ?? null
}
