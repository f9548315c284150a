import { read, refuse } from './reading.ts'
import type { Reading } from './setting.ts'

/** What `%(NAME)s` in an access log format stands for: Gunicorn's names, and longer ones for what it does not tell. */
export const accessAtoms = {
  h: 'address of the client, as the application sees it',
  l: 'always -',
  u: 'user name of Basic authentication',
  t: 'time the request came, as [20/Nov/2026:15:26:41 +0000]',
  r: 'request line: method, target and protocol',
  m: 'method',
  U: 'path, without the query',
  q: 'query, without the question mark',
  H: 'protocol',
  s: 'status',
  B: 'bytes of the body that were sent, 0 when there were none',
  b: 'bytes of the body that were sent, - when there were none',
  f: 'Referer',
  a: 'User-Agent',
  T: 'duration in whole seconds',
  M: 'duration in milliseconds',
  D: 'duration in microseconds',
  L: 'duration in seconds, with six decimals',
  p: 'pid of the worker, as <4711>',
  client: 'address of the client, as the application sees it',
  client_port: 'port of the client',
  peer: 'address at the other end of the connection: the proxy, or the client itself',
  scheme: 'http or https, as the client speaks it',
  request_id: 'X-Request-Id of the request, made here when it came without',
  trace_id: 'the trace that traceparent names (W3C Trace Context)',
  worker: 'number of the worker',
  slot: 'slot of the worker',
  queue_ms: 'milliseconds from the time that X-Request-Start names, where a proxy sets it, to here',
  header_ms: 'milliseconds until the head of the answer was written',
  duration_ms: 'milliseconds until the answer was complete, with three decimals',
  outcome: 'complete, aborted (the client left before the end) or refused (the application did not see it)',
} as const

export type AccessAtom = keyof typeof accessAtoms

/** `i` reads a header of the request, `o` one of the answer, `e` a variable of CGI (RFC 3875, 4.1). */
export type AccessField = 'i' | 'o' | 'e'

export type AccessPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'atom'; readonly atom: AccessAtom }
  | { readonly type: 'field'; readonly field: AccessField; readonly name: string }

/** Formats that have a name of their own. */
export const namedFormats = {
  combined: '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"',
  common: '%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s',
} as const

/** The name of the format whose lines are JSON objects. */
export const jsonFormat = 'json'

const placeholder = /%\(([^()]*)\)s/g

/** Takes a format apart. The problem names the first thing in it that nobody knows. */
export function parseAccessFormat(format: string): Reading<readonly AccessPart[]> {
  const whole = Object.hasOwn(namedFormats, format) ? namedFormats[format as keyof typeof namedFormats] : format
  const parts: AccessPart[] = []
  let at = 0
  for (const found of whole.matchAll(placeholder)) {
    const text = whole.slice(at, found.index)
    if (text.includes('%(')) return refuse('"%(" without ")s"')
    if (text !== '') parts.push({ type: 'text', text })
    const part = parsePart(found[1] ?? '')
    if (part === null) return refuse(unknownAtom(found[1] ?? ''))
    parts.push(part)
    at = found.index + found[0].length
  }
  const rest = whole.slice(at)
  if (rest.includes('%(')) return refuse('"%(" without ")s"')
  if (parts.length === 0) return refuse('it has no %(NAME)s, so that every line would be the same')
  return read(rest === '' ? parts : [...parts, { type: 'text', text: rest }])
}

function parsePart(name: string): AccessPart | null {
  if (Object.hasOwn(accessAtoms, name)) return { type: 'atom', atom: name as AccessAtom }
  const field = /^\{([\w!#$%&'*+.^`|~-]{1,100})\}([ioe])$/.exec(name)
  if (field === null) return null
  return { type: 'field', field: field[2] as AccessField, name: field[1] ?? '' }
}

function unknownAtom(name: string): string {
  const shape = /^[\w{}-]{1,40}$/.test(name) ? `%(${name})s is none of its names` : 'a name in it is unknown'
  return `${shape}: ${Object.keys(accessAtoms).join(', ')}, {HEADER}i, {HEADER}o, {VARIABLE}e`
}
