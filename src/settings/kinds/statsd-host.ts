import { isIPv6 } from 'node:net'
import { controlProblem, read, refuse } from '../reading.ts'
import type { Kind } from '../setting.ts'

/** Where a statsd daemon listens: UDP, or a unix datagram socket. */
export type StatsdHost =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

const usualPort = 8125
const longestUnixPath = 107

/** `HOST`, `HOST:PORT`, `[IPV6]:PORT`, `unix:/PATH` or `unix:///PATH`. */
export const statsdHost: Kind<StatsdHost, string> = {
  placeholder: 'HOST:PORT',
  expects: `HOST, HOST:PORT, [IPV6]:PORT or unix:/PATH (the port is ${usualPort} if not given)`,
  repeatable: false,
  parse,
  accept: (value) => (typeof value === 'string' ? parse(value) : refuse()),
  format: (host) => {
    if (host.kind === 'unix') return `unix:${host.path}`
    return `${isIPv6(host.host) ? `[${host.host}]` : host.host}:${host.port}`
  },
}

function parse(text: string) {
  const problem = controlProblem(text)
  if (problem !== null) return refuse(problem)
  const path = /^unix:(?:\/\/)?(\/.+)$/.exec(text)?.[1]
  if (path !== undefined) {
    return Buffer.byteLength(path) <= longestUnixPath
      ? read({ kind: 'unix' as const, path })
      : refuse('the path is too long')
  }
  const found = /^(?:\[([\da-f:.]+)\]|([a-z\d](?:[a-z\d._-]{0,251}[a-z\d])?))(?::(\d{1,5}))?$/i.exec(text)
  if (found === null) return refuse()
  const [, v6, name] = found
  const port = Number(found[3] ?? usualPort)
  if (v6 !== undefined && !isIPv6(v6)) return refuse('what stands in brackets is not an IPv6 address')
  if (port < 1 || port > 65535) return refuse('a port is a whole number from 1 to 65535')
  return read({ kind: 'udp' as const, host: v6 ?? name ?? '', port })
}
