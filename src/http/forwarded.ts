import { isIP } from 'node:net'
import { plainAddress } from './plain-address.ts'
import { readScheme } from './scheme.ts'

/** Who is at the far end, as far as trusted proxies tell. What they do not tell is undefined. */
export type Client = {
  readonly address: string | undefined
  readonly port: number | undefined
  readonly encrypted: boolean | undefined
}

export type ForwardingFields = {
  readonly xForwardedFor: string | undefined
  readonly xForwardedProto: string | undefined
  readonly forwarded: string | undefined
}

export type Attribution = {
  readonly client: Client
  /** The part of X-Forwarded-For that a trusted proxy vouches for, or undefined when nothing of it can be used. */
  readonly chain: string | undefined
  /** The value of X-Forwarded-Proto that counts, or undefined when there is none. */
  readonly proto: string | undefined
  /** They say two things about the scheme. */
  readonly contradictory: boolean
}

type Hop = { readonly address: string; readonly port: number | undefined }

/**
 * Finds the client in the forwarding headers of a trusted peer. Each proxy appends the address it saw, so they are read
 * from the right: the first address that is not a proxy of ours is the client, and what stands left of it is hearsay.
 * Where X-Forwarded-For is present, `Forwarded` (RFC 7239) is not read: a proxy that writes the one passes the other on.
 */
export function attribute(fields: ForwardingFields, isOurs: (address: string) => boolean): Attribution {
  const elements = fields.xForwardedFor === undefined ? parseForwarded(fields.forwarded) : []
  const steps =
    fields.xForwardedFor === undefined ? elements.map((pairs) => pairs.for ?? '') : list(fields.xForwardedFor)
  const found = walk(steps, isOurs)
  const words = list(fields.xForwardedProto ?? '')
  const standard = list(elements[found?.at ?? elements.length - 1]?.proto ?? '')
  const place = { steps: steps.length, at: found?.at }
  const scheme = readScheme(words, place)
  const whole = words.length === 0 ? readScheme(standard, place) : readScheme([scheme.word ?? '', ...standard], place)
  return {
    client: { address: found?.hop.address, port: found?.hop.port, encrypted: whole.encrypted },
    chain: fields.xForwardedFor === undefined || found === null ? undefined : steps.slice(found.at).join(', '),
    proto: scheme.word,
    contradictory: scheme.contradictory || whole.contradictory,
  }
}

function walk(steps: readonly string[], isOurs: (address: string) => boolean): { at: number; hop: Hop } | null {
  let found: { at: number; hop: Hop } | null = null
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const hop = parseHop(steps[at] ?? '')
    if (hop === null) return found
    found = { at, hop }
    if (!isOurs(hop.address)) return found
  }
  return found
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; null for `unknown`, `_hidden`, one with a zone, and nonsense. */
export function parseHop(text: string): Hop | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)|([0-9a-f:.]+))(?::([0-9]{1,5}))?$/i.exec(text)
  const bare = isIP(text) === 6
  const address = bare ? text : (match?.[1] ?? match?.[2])
  if (address === undefined || isIP(address) === 0 || address.includes('%')) return null
  const port = bare || match?.[4] === undefined ? undefined : Number(match[4])
  return { address: plainAddress(address), port: port !== undefined && port <= 65535 ? port : undefined }
}

function list(value: string): string[] {
  return value
    .split(',')
    .map((step) => step.trim())
    .filter((step) => step !== '')
}

/** Quotes stand around a whole value only. Commas are between elements, or in quotes. */
const wellQuoted = /^(?:[^"]|(?<==)"(?:[^"\\]|\\.)*"(?=\s*(?:[;,]|$)))*$/s

/**
 * The elements of a `Forwarded` header, each with its parameters; an element that does not parse is empty.
 * Nothing is read where quotes do not fit: a client could open one to swallow what a proxy appends.
 */
function parseForwarded(value: string | undefined): readonly Readonly<Record<string, string>>[] {
  if (value === undefined || !wellQuoted.test(value)) return []
  const elements = value.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g) ?? []
  return elements.map((element) => {
    const pairs = element.match(/(?:"(?:[^"\\]|\\.)*"|[^";])+/g) ?? []
    return Object.fromEntries(pairs.map(parsePair))
  })
}

function parsePair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  const value = pair.slice(at + 1).trim()
  const quoted = /^"(.*)"$/s.exec(value)
  return [pair.slice(0, at).trim().toLowerCase(), quoted?.[1]?.replace(/\\(.)/gs, '$1') ?? value]
}
