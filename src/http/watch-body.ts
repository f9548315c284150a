import { IncomingMessage } from 'node:http'
import type { Limits } from './limits.ts'
import { type Refusal, refusals } from './refusals.ts'

/**
 * Fields that tell how a message is framed, routed, authenticated or to be processed mean nothing, or harm, after its
 * end (RFC 9110, 6.5.1). Some server behind may merge them into the head.
 */
const forbidden = new Set([
  ...['connection', 'content-encoding', 'content-length', 'content-range', 'content-type', 'expect', 'host'],
  ...['authorization', 'cookie', 'forwarded', 'keep-alive', 'max-forwards', 'proxy-authorization', 'range'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
])

/**
 * Counts a body whose length was not announced, as it comes, and looks at its trailers before the application hears that
 * the body is complete. From the first offence on the application gets nothing more of it.
 */
export function watchBody(request: IncomingMessage, limits: Limits, onOffence: (refusal: Refusal) => void): void {
  let bytes = 0
  let over = false
  const offence = (chunk: Buffer | null): Refusal | null => {
    if (chunk === null) return inspectTrailers(request.rawTrailers, limits)
    bytes += chunk.length
    return bytes > limits.body ? refusals.bodyTooLarge : null
  }
  // node:http gives each piece of the body to this method, and null at its end.
  request.push = (chunk: Buffer | null): boolean => {
    if (over) return true
    const refusal = offence(chunk)
    if (refusal === null) return Reflect.apply(push, request, [chunk])
    over = true
    onOffence(refusal)
    return false
  }
  // A body that nobody wanted is thrown away without a look once it is answered, unless this method does less.
  Reflect.set(request, '_dump', () => void request.resume())
}

const { push } = IncomingMessage.prototype

export function inspectTrailers(rawTrailers: readonly string[], limits: Limits): Refusal | null {
  if (rawTrailers.length > 2 * limits.fields) return refusals.tooManyFields
  for (let at = 0; at < rawTrailers.length; at += 2) {
    const name = (rawTrailers[at] ?? '').toLowerCase()
    if (name.length + (rawTrailers[at + 1] ?? '').length + 4 > limits.fieldSize) return refusals.fieldTooLarge
    if (forbidden.has(name) || name.startsWith('x-forwarded-')) return refusals.trailer
  }
  return null
}
