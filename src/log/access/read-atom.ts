import type { AccessAtom } from '../../settings/access-format.ts'
import { logTime, rememberSecond } from './clock-time.ts'
import type { AccessEntry, AccessWriter } from './entry.ts'
import { escapeField } from './escape-field.ts'

export type Reader = (entry: AccessEntry) => string

const header =
  (name: string): Reader =>
  ({ request }) =>
    escapeField(first(request.headers[name]))

/** How each atom is read; every reader gives text that is safe in a line. */
export function atomReaders({ pid, worker, slot }: AccessWriter): Readonly<Record<AccessAtom, Reader>> {
  const client: Reader = (entry) => escapeField(entry.client.address)
  return {
    h: client,
    l: () => '-',
    u: ({ request }) => escapeField(basicUser(request.headers.authorization)),
    t: (
      (time) => (entry: AccessEntry) =>
        time(entry.cameAt)
    )(rememberSecond(logTime)),
    r: ({ request }) => requestLine(request),
    m: ({ request }) => escapeField(request.method),
    U: ({ request }) => escapeField(pathOf(request.url)),
    q: ({ request }) => escapeField(queryOf(request.url)),
    H: ({ request }) => escapeField(protocolOf(request)),
    s: ({ status }) => String(status),
    B: ({ bytes }) => String(bytes),
    b: ({ bytes }) => (bytes === 0 ? '-' : String(bytes)),
    f: header('referer'),
    a: header('user-agent'),
    T: ({ durationMs }) => String(Math.floor(durationMs / 1000)),
    M: ({ durationMs }) => String(Math.round(durationMs)),
    D: ({ durationMs }) => String(Math.round(durationMs * 1000)),
    L: ({ durationMs }) => (durationMs / 1000).toFixed(6),
    p: () => `<${pid}>`,
    client,
    client_port: (entry) => escapeField(entry.client.port?.toString()),
    peer: ({ peer }) => escapeField(peer),
    scheme: ({ encrypted }) => (encrypted ? 'https' : 'http'),
    request_id: header('x-request-id'),
    trace_id: ({ request }) => escapeField(traceId(request.headers)),
    worker: () => String(worker),
    slot: () => String(slot),
    queue_ms: (entry) => escapeField(queueMs(entry)?.toString()),
    header_ms: ({ headerMs }) => headerMs?.toFixed(3) ?? '-',
    duration_ms: ({ durationMs }) => durationMs.toFixed(3),
    outcome: ({ outcome }) => outcome,
  }
}

/** Several fields of one name read as one, as RFC 9110, 5.3 has it. */
export function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : value.join(', ')
}

function requestLine(request: AccessEntry['request']): string {
  if (request.method === undefined) return '-'
  return `${escapeField(request.method)} ${escapeField(request.url)} ${protocolOf(request)}`
}

export function protocolOf({ httpVersion }: AccessEntry['request']): string {
  return `HTTP/${httpVersion}`
}

export function pathOf(url: string | undefined): string | undefined {
  const query = url?.indexOf('?') ?? -1
  return query < 0 ? url : url?.slice(0, query)
}

export function queryOf(url: string | undefined): string | undefined {
  const query = url?.indexOf('?') ?? -1
  return query < 0 ? undefined : url?.slice(query + 1)
}

/** The name in `Authorization: Basic`, and never the password (RFC 7617, 2). */
export function basicUser(authorization: string | undefined): string | undefined {
  const encoded = /^basic +([a-z\d+/]+=*) *$/i.exec(authorization ?? '')?.[1]
  if (encoded === undefined) return undefined
  const [name, password] = Buffer.from(encoded, 'base64').toString('latin1').split(':', 2)
  return password === undefined ? undefined : name
}

/** W3C Trace Context, 3.2: version, trace, parent and flags. */
export function traceId({ traceparent }: AccessEntry['request']['headers']): string | undefined {
  const found = /^[\da-f]{2}-([\da-f]{32})-[\da-f]{16}-[\da-f]{2}(?:-|$)/.exec(first(traceparent) ?? '')?.[1]
  return found === '0'.repeat(32) ? undefined : found
}

/** nginx writes `t=1700000000.123` seconds, others milliseconds or microseconds; which it is shows in the size. */
export function queueMs({ request, cameAt }: AccessEntry): number | undefined {
  const written = /^(?:t=)?(\d{10,16}(?:\.\d{1,6})?)$/.exec(first(request.headers['x-request-start']) ?? '')?.[1]
  if (written === undefined) return undefined
  const [whole = ''] = written.split('.')
  const began = Number(written) * (whole.length >= 16 ? 0.001 : whole.length >= 13 ? 1 : 1000)
  return Math.max(0, Math.round(cameAt - began))
}
