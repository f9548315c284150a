import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { behind } from './client-socket.ts'

const name = 'X-Accel-Buffering'
const fromProxies = new WeakSet<Socket>()
let isWatching = false

/**
 * Has each event stream on this connection ask the proxy at its other end not to hold events back: with buffering on, as
 * it is by default, nginx sends nothing over TLS until 16 KiB are together. An answer that says something about it itself
 * stays as it is. nginx keeps the field to itself.
 */
export function unbufferEvents(socket: Socket): void {
  fromProxies.add(socket)
  if (!isWatching) watch()
  isWatching = true
}

/** The method is replaced once, in the class of all answers; those that are no event streams pay for one look. */
function watch(): void {
  const { writeHead } = ServerResponse.prototype
  ServerResponse.prototype.writeHead = function (this: ServerResponse, ...given: unknown[]): ServerResponse {
    const isStream = isOfEvents(this.getHeader(type)) || (given.length > 1 && isOfEvents(find(given, type)))
    return Reflect.apply(writeHead, this, isStream ? asking(this, given) : given)
  }
}

const type = 'content-type'

/** What `writeHead` is to be given, or the answer's own field where that is nothing but a status. */
function asking(response: ServerResponse, given: readonly unknown[]): readonly unknown[] {
  const isFromProxy = !response.headersSent && fromProxies.has(behind(response.req.socket))
  if (!isFromProxy || response.hasHeader(name) || find(given, name.toLowerCase()) !== undefined) return given
  const fields = given.at(-1)
  if (typeof fields === 'object' && fields !== null) return [...given.slice(0, -1), withField(fields)]
  response.setHeader(name, 'no')
  return given
}

function withField(fields: object): unknown {
  if (!Array.isArray(fields)) return { ...fields, [name]: 'no' }
  return Array.isArray(fields[0]) ? [...fields, [name, 'no']] : [...fields, name, 'no']
}

function isOfEvents(value: unknown): boolean {
  return typeof value === 'string' && /^text\/event-stream/i.test(value)
}

/** A field among those given to `writeHead`: an object, a flat list, or a list of pairs, after the status and perhaps words. */
function find(given: readonly unknown[], field: string): unknown {
  const fields = given.at(-1)
  if (typeof fields !== 'object' || fields === null) return undefined
  if (Array.isArray(fields)) return pairsOf(fields).find(([key]) => isNamed(key, field))?.[1]
  for (const key in fields) if (isNamed(key, field)) return Reflect.get(fields, key)
  return undefined
}

function isNamed(key: unknown, field: string): boolean {
  return typeof key === 'string' && key.length === field.length && key.toLowerCase() === field
}

function pairsOf(list: readonly unknown[]): readonly (readonly unknown[])[] {
  if (Array.isArray(list[0])) return list as readonly (readonly unknown[])[]
  return list.flatMap((key, at) => (at % 2 === 0 ? [[key, list[at + 1]]] : []))
}
