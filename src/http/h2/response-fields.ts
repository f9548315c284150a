import type { OutgoingHttpHeaders } from 'node:http'

/** They say something about one connection of HTTP/1.1, and make an answer over HTTP/2 malformed (RFC 9113, 8.2.2). */
const ofTheConnection = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'http2-settings', 'te'],
])

/** Headers in any of the forms that `writeHead` takes, by their names in lower case, less those about the connection. */
export function withoutConnectionFields(given: unknown): OutgoingHttpHeaders {
  const fields: OutgoingHttpHeaders = {}
  for (const [name, value] of pairs(given)) {
    const lower = name.toLowerCase()
    if (value === undefined || ofTheConnection.has(lower)) continue
    const before = fields[lower]
    fields[lower] = before === undefined ? value : [before, value].flat().map(String)
  }
  return fields
}

type Pair = readonly [name: string, value: OutgoingHttpHeaders[string]]

function pairs(given: unknown): readonly Pair[] {
  if (!Array.isArray(given)) return typeof given === 'object' && given !== null ? Object.entries(given) : []
  if (Array.isArray(given[0])) return given as readonly Pair[]
  return given.flatMap((name: unknown, at): Pair[] => (at % 2 === 0 ? [[String(name), given[at + 1]]] : []))
}
