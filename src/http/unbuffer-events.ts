import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { behind } from './client-socket.ts'

const name = 'X-Accel-Buffering'
/** Marks a socket; a set of sockets would cost the garbage collector more than the rest of this. */
const fromProxy = Symbol('the other end is a proxy')
let isWatching = false

type Marked = Socket & { [fromProxy]?: true }

/**
 * Has each event stream on this connection ask the proxy at its other end not to hold events back: with buffering on, as
 * it is by default, nginx sends nothing over TLS until 16 KiB are together. An answer that says something about it itself
 * stays as it is. nginx keeps the field to itself.
 */
export function unbufferEvents(socket: Socket): void {
  const marked: Marked = socket
  marked[fromProxy] = true
  if (!isWatching) watch()
  isWatching = true
}

type HeadParts = [status: number, words?: unknown, fields?: unknown]

/** The method is replaced once, in the class of all answers; those that are no event streams pay for one look. */
function watch(): void {
  const { writeHead } = ServerResponse.prototype as unknown as { writeHead: (...given: HeadParts) => ServerResponse }
  const replacement = function (this: ServerResponse, status: number, words?: unknown, fields?: unknown) {
    const isStream = isOfEvents(this.getHeader(type)) || isOfEvents(find(fields ?? words, type))
    if (isStream) return writeHead.apply(this, asking(this, [status, words, fields]))
    return writeHead.call(this, status, words, fields)
  }
  Object.assign(ServerResponse.prototype, { writeHead: replacement })
}

const type = 'content-type'
const capitalized: Readonly<Record<string, string>> = { [type]: 'Content-Type' }

/** What `writeHead` is to be given, or the answer's own field where that is nothing but a status. */
function asking(response: ServerResponse, given: HeadParts): HeadParts {
  const [status, words, fields] = given
  const socket: Marked | null = behind(response.req.socket)
  const isFromProxy = !response.headersSent && socket?.[fromProxy] === true
  if (!isFromProxy || response.hasHeader(name) || find(fields ?? words, name.toLowerCase()) !== undefined) return given
  if (isFields(fields)) return [status, words, withField(fields)]
  if (isFields(words)) return [status, withField(words)]
  response.setHeader(name, 'no')
  return given
}

function withField(fields: object): unknown {
  if (!Array.isArray(fields)) return { ...fields, [name]: 'no' }
  return Array.isArray(fields[0]) ? [...fields, [name, 'no']] : [...fields, name, 'no']
}

/** The sixth letter tells it from most others. */
function isOfEvents(value: unknown): boolean {
  return typeof value === 'string' && (value.charCodeAt(5) | 32) === 101 && /^text\/event-stream/i.test(value)
}

function isFields(given: unknown): given is object {
  return typeof given === 'object' && given !== null
}

/** A field among those given to `writeHead`: an object, a flat list, or a list of pairs. */
function find(fields: unknown, field: string): unknown {
  if (!isFields(fields)) return undefined
  if (Array.isArray(fields)) return pairsOf(fields).find(([key]) => isNamed(key, field))?.[1]
  // As most write it, which is found sooner than by a look at all of them.
  const usual = Reflect.get(fields, field) ?? Reflect.get(fields, capitalized[field] ?? field)
  if (usual !== undefined) return usual
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
