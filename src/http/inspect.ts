import type { IncomingMessage } from 'node:http'
import { isHost } from './host.ts'
import type { Limits } from './limits.ts'
import { type Refusal, refusals } from './refusals.ts'
import { inspectTarget } from './target.ts'

/** What a look at a request head has shown. */
export type Finding = {
  readonly refusal: Refusal | null
  /** The body comes in chunks, so its length and its trailers are not known yet. */
  readonly chunked: boolean
  /** A field has an underscore in its name. */
  readonly underscored: boolean
  /** The client would like another protocol on this connection. */
  readonly upgrades: boolean
  /** The target is in absolute form. */
  readonly absolute: boolean
}

type Request = Pick<IncomingMessage, 'method' | 'url' | 'httpVersionMajor' | 'httpVersionMinor' | 'rawHeaders'>

const [chunked, underscored, upgrades, absolute] = [1, 2, 4, 8] as const

/** One object for each outcome, because a request that is as usual should cost no memory. */
const findings: readonly Finding[] = Array.from({ length: 16 }, (_, marks) => ({
  refusal: null,
  chunked: (marks & chunked) !== 0,
  underscored: (marks & underscored) !== 0,
  upgrades: (marks & upgrades) !== 0,
  absolute: (marks & absolute) !== 0,
}))

/** The finding for a request that needs nothing further. */
export const plain: Finding = findings[0] ?? refused(refusals.malformed)

const slash = 47
/** Two spaces and `HTTP/1.1`. */
const restOfLine = 10
/** The colon, the space and the end of line of a field. */
const restOfField = 4

/**
 * Looks at a request for what llhttp lets through and RFC 9110 and 9112 do not, and for what is over the limits, in one
 * pass. It is done for each request, so it costs next to nothing.
 */
export function inspect(request: Request, limits: Limits): Finding {
  const { method = '', url = '', httpVersionMajor, httpVersionMinor, rawHeaders } = request
  if (httpVersionMajor !== 1 || httpVersionMinor > 1 || isForeign(method)) return refused(refusals.version)
  if (method.length + url.length + restOfLine > limits.line) return refused(refusals.lineTooLong)
  if (rawHeaders.length > 2 * limits.fields) return refused(refusals.tooManyFields)
  if (url.charCodeAt(0) === slash && method !== 'CONNECT') return inspectFields(request, limits, 0)
  const refusal = inspectTarget(method, url)
  if (refusal !== null) return refused(refusal)
  return inspectFields(request, limits, url === '*' || method === 'CONNECT' ? 0 : absolute)
}

/** Methods that llhttp takes with `RTSP/` or `ICE/` in the place of `HTTP/`. */
const foreign = new Set(
  ['ANNOUNCE', 'DESCRIBE', 'FLUSH', 'GET_PARAMETER', 'PAUSE', 'PLAY', 'RECORD', 'REDIRECT', 'SETUP'].concat([
    ...['SET_PARAMETER', 'SOURCE', 'TEARDOWN'],
  ]),
)

function isForeign(method: string): boolean {
  return method !== 'GET' && method !== 'POST' && foreign.has(method)
}

function inspectFields({ rawHeaders, httpVersionMinor }: Request, limits: Limits, before: number): Finding {
  const most = limits.fieldSize - restOfField
  const keepsAll = limits.underscored === 'dangerous'
  let seen = 0
  let marks = before
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    const value = rawHeaders[at + 1] ?? ''
    if (name.length + value.length > most) return refused(refusals.fieldTooLarge)
    if (!keepsAll && name.includes('_')) marks |= underscored
    const field = fieldOf(name)
    if (field === 0) continue
    if (field === upgrade) {
      marks |= upgrades
      continue
    }
    if ((seen & field) !== 0) return refused(twice(field))
    seen |= field
    const refusal = inspectValue(field, value, limits)
    if (refusal !== null) return refused(refusal)
  }
  const hasCoding = (seen & transferEncoding) !== 0
  if (httpVersionMinor === 0 && hasCoding) return refused(refusals.codingOldVersion)
  if (httpVersionMinor === 1 && (seen & host) === 0) return refused(refusals.hostMissing)
  if (hasCoding) marks |= chunked
  if (limits.underscored === 'refuse' && (marks & underscored) !== 0) return refused(refusals.underscore)
  return findings[marks] ?? plain
}

const [host, contentType, contentLength, transferEncoding, upgrade] = [1, 2, 4, 8, 16] as const

/** Tells the fields apart that matter here; most others are out by their length and first letter alone. */
function fieldOf(name: string): number {
  switch (name.length) {
    case 4:
      return begins(name, 104) && is(name, 'Host', 'host') ? host : 0
    case 7:
      return begins(name, 117) && is(name, 'Upgrade', 'upgrade') ? upgrade : 0
    case 12:
      return begins(name, 99) && is(name, 'Content-Type', 'content-type') ? contentType : 0
    case 14:
      return begins(name, 99) && is(name, 'Content-Length', 'content-length') ? contentLength : 0
    case 17:
      return begins(name, 116) && is(name, 'Transfer-Encoding', 'transfer-encoding') ? transferEncoding : 0
    default:
      return 0
  }
}

/** Whether the first letter is this one; 32 tells a small letter from a capital. */
function begins(name: string, letter: number): boolean {
  return (name.charCodeAt(0) | 32) === letter
}

function is(name: string, usual: string, small: string): boolean {
  return name === usual || name.toLowerCase() === small
}

function twice(field: number): Refusal {
  if (field === host) return refusals.hostTwice
  if (field === contentType) return refusals.contentTypeTwice
  return field === contentLength ? refusals.contentLengthTwice : refusals.codingTwice
}

function inspectValue(field: number, value: string, limits: Limits): Refusal | null {
  if (field === host) return isFamiliar(value) ? null : refusals.host
  if (field === contentLength) return Number(value) > limits.body ? refusals.bodyTooLarge : null
  return field === transferEncoding ? inspectCodings(value) : null
}

/** The last host that was found to be one: most requests ask for the same. */
let familiar = ''

function isFamiliar(value: string): boolean {
  if (value === familiar || value === '') return true
  if (!isHost(value)) return false
  familiar = value
  return true
}

/** Chunked comes last, else nobody knows where the body ends (RFC 9112, 6.3); it is the only coding that is undone here. */
function inspectCodings(value: string): Refusal | null {
  const codings = value.toLowerCase().split(',')
  if (codings.at(-1)?.trim() !== 'chunked') return refusals.codingNotFinal
  return codings.length === 1 ? null : refusals.coding
}

function refused(refusal: Refusal): Finding {
  return { refusal, chunked: false, underscored: false, upgrades: false, absolute: false }
}
