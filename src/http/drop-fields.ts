import type { IncomingMessage } from 'node:http'

/** Takes fields away wherever an application may look for them: `headers`, `headersDistinct` and `rawHeaders`. */
export function dropFields(request: IncomingMessage, unwanted: (name: string) => boolean): void {
  // Both are made from rawHeaders when first asked for, by their number at the begin, so that is done before it changes.
  const { headers, headersDistinct, rawHeaders } = request
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    const name = rawHeaders[at] ?? ''
    if (!unwanted(name)) continue
    rawHeaders.splice(at, 2)
    delete headers[name.toLowerCase()]
    delete headersDistinct[name.toLowerCase()]
  }
}

/** The host of a target in absolute form is the one that counts, whatever Host says (RFC 9112, 3.2.2). */
export function replaceHost(request: IncomingMessage, authority: string): void {
  const { headers, headersDistinct, rawHeaders } = request
  if (headers.host === authority) return
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  if (at >= 0) rawHeaders[at + 1] = authority
  else rawHeaders.push('Host', authority)
  headers.host = authority
  headersDistinct['host'] = [authority]
}
