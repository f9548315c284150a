import type { ServerResponse } from 'node:http'
import type { Connection } from './connections.ts'

/**
 * Has an unfinished answer say `Connection: close`. Whether it does is decided when its head is written: if the client
 * has sent another request by then, that one is answered too, and its answer says it. A head that is out stays as it is.
 */
export function announceClose(connection: Connection, response: ServerResponse): void {
  if (response.headersSent) return
  const { writeHead } = response
  response.writeHead = ((...given: unknown[]) => {
    const last = !response.headersSent && connection.exchanges.at(-1)?.response === response
    if (!last) return Reflect.apply(writeHead, response, given)
    connection.closing = true
    response.shouldKeepAlive = false
    if (response.hasHeader('Connection')) response.setHeader('Connection', 'close')
    return Reflect.apply(writeHead, response, given.map(withoutConnection))
  }) as ServerResponse['writeHead']
}

/** The headers given to `writeHead` (an object, a flat list or a list of pairs) less those about the connection. */
function withoutConnection(given: unknown): unknown {
  if (Array.isArray(given)) return given.filter((entry, at) => !isAboutConnection(nameOf(given, entry, at)))
  if (typeof given !== 'object' || given === null) return given
  return Object.fromEntries(Object.entries(given).filter(([name]) => !isAboutConnection(name)))
}

function nameOf(list: readonly unknown[], entry: unknown, at: number): unknown {
  return Array.isArray(entry) && Array.isArray(list[0]) ? entry[0] : list[at - (at % 2)]
}

function isAboutConnection(name: unknown): boolean {
  const lower = String(name).toLowerCase()
  return lower === 'connection' || lower === 'keep-alive'
}
