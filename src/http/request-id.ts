import type { IncomingMessage } from 'node:http'

const header = 'x-request-id'

/** What may be taken over from whoever asks: one word that is safe in logs, headers and file names. */
const sound = /^[\w.:+=@-]{1,128}$/

// Unique is all it must be: a random beginning for each process, and a count.
let origin = ''
let count = 0

/** Gives a request the X-Request-Id that it came without, or in place of one that nobody could carry safely. */
export function identify(request: IncomingMessage): void {
  const given = request.headers[header]
  if (typeof given === 'string' && sound.test(given)) return
  if (count === 0) origin = process.getBuiltinModule('node:crypto').randomBytes(9).toString('hex')
  count += 1
  const id = `${origin}${count.toString(36).padStart(6, '0')}`
  if (given !== undefined) forget(request)
  request.rawHeaders.push('X-Request-Id', id)
  request.headers[header] = id
}

/** The id of a request that has been identified. */
export function idOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const id = headers[header]
  return typeof id === 'string' && sound.test(id) ? id : undefined
}

function forget({ rawHeaders, headersDistinct }: IncomingMessage): void {
  delete headersDistinct[header]
  for (let at = rawHeaders.length - 2; at >= 0; at -= 2) {
    if (rawHeaders[at]?.toLowerCase() === header) rawHeaders.splice(at, 2)
  }
}
