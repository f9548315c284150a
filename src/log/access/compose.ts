import { type AccessField, type AccessPart, jsonFormat, parseAccessFormat } from '../../settings/access-format.ts'
import { escapeControls } from '../escape.ts'
import { cutRecord, cutText } from '../fit.ts'
import { cgiVariable } from './cgi-variable.ts'
import type { AccessEntry, AccessWriter } from './entry.ts'
import { escapeField } from './escape-field.ts'
import {
  atomReaders,
  basicUser,
  first,
  pathOf,
  protocolOf,
  queryOf,
  queueMs,
  type Reader,
  traceId,
} from './read-atom.ts'

/** Makes the line of a request, with its line break, in at most `limit` bytes. */
export type Compose = (entry: AccessEntry, limit: number) => string

/** Prepares a format that its kind has accepted. */
export function composeBy(format: string, writer: AccessWriter): Compose {
  return format === jsonFormat ? composeJson(writer) : composeText(format, writer)
}

function composeText(format: string, writer: AccessWriter): Compose {
  const parts = parseAccessFormat(format)
  const atoms = atomReaders(writer)
  const readers = (parts.ok ? parts.value : []).map((part) => readerOf(part, atoms))
  return (entry, limit) => {
    let line = ''
    for (const read of readers) line += read(entry)
    return `${cutText(line, limit - 1)}\n`
  }
}

function readerOf(part: AccessPart, atoms: ReturnType<typeof atomReaders>): Reader {
  if (part.type === 'text') return () => part.text
  return part.type === 'atom' ? atoms[part.atom] : fieldReader(part.field, part.name)
}

function fieldReader(field: AccessField, name: string): Reader {
  const lower = name.toLowerCase()
  if (field === 'i') return ({ request }) => escapeField(first(request.headers[lower]))
  if (field === 'o') return (entry) => escapeField(entry.answered(lower))
  return (entry) => escapeField(cgiVariable(entry, name.toUpperCase()))
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000

function composeJson({ pid, worker, slot }: AccessWriter): Compose {
  return (entry, limit) => {
    const { request, client, headerMs } = entry
    const record = {
      time: new Date(entry.cameAt).toISOString(),
      client: client.address,
      peer: entry.peer === client.address ? undefined : entry.peer,
      user: basicUser(request.headers.authorization),
      method: request.method,
      path: pathOf(request.url),
      query: queryOf(request.url),
      protocol: protocolOf(request),
      scheme: entry.encrypted ? 'https' : 'http',
      host: request.headers.host,
      status: entry.status,
      bytes: entry.bytes,
      durationMs: round(entry.durationMs),
      headerMs: headerMs === null ? undefined : round(headerMs),
      queueMs: queueMs(entry),
      referer: first(request.headers.referer),
      userAgent: request.headers['user-agent'],
      requestId: first(request.headers['x-request-id']),
      traceId: traceId(request.headers),
      outcome: entry.outcome,
      ...{ pid, worker, slot },
    }
    const line = escapeControls(JSON.stringify(record))
    const fits = line.length * 3 < limit || Buffer.byteLength(line) < limit
    return `${fits ? line : cutRecord(line, limit - 1, escapeControls)}\n`
  }
}
