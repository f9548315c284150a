import { isIPv6 } from 'node:net'
import { controlProblem, read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'

/** Where a syslog daemon listens. */
export type SyslogAddress =
  | { readonly kind: 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string; readonly socket: 'dgram' | 'stream' }

const usualPort = 514
const longestUnixPath = 107

/** Where the C library's syslog(3) sends. */
export const defaultSyslog: SyslogAddress = { kind: 'unix', path: '/dev/log', socket: 'dgram' }

/** `udp://HOST:PORT`, `tcp://HOST:PORT`, `unix:///PATH`, `unix:///PATH#dgram` or `unix:///PATH#stream`. */
export const syslogAddress: Kind<SyslogAddress, string> = {
  placeholder: 'URL',
  expects: 'udp://HOST:PORT, tcp://HOST:PORT, or unix:///PATH with #dgram or #stream behind it',
  repeatable: false,
  parse,
  accept: (value) => (typeof value === 'string' ? parse(value) : refuse()),
  format: (address) => {
    if (address.kind === 'unix') return `unix://${address.path}#${address.socket}`
    return `${address.kind}://${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`
  },
}

function parse(text: string): Reading<SyslogAddress> {
  const problem = controlProblem(text)
  if (problem !== null) return refuse(problem)
  const unix = /^unix:(?:\/\/)?(\/[^/#][^#]*)(?:#(dgram|stream))?$/.exec(text)
  if (unix !== null) {
    const [, path = '', socket = 'dgram'] = unix
    if (Buffer.byteLength(path) > longestUnixPath) return refuse('the path is too long')
    return read<SyslogAddress>({ kind: 'unix', path, socket: socket === 'stream' ? 'stream' : 'dgram' })
  }
  const found = /^(udp|tcp):\/\/(?:\[([\da-f:.]+)\]|([a-z\d](?:[a-z\d._-]{0,251}[a-z\d])?))(?::(\d{1,5}))?$/i.exec(text)
  if (found === null) return refuse()
  const [, scheme = '', v6, name] = found
  const port = Number(found[4] ?? usualPort)
  if (v6 !== undefined && !isIPv6(v6)) return refuse('what stands in brackets is not an IPv6 address')
  if (port < 1 || port > 65535) return refuse('a port is a whole number from 1 to 65535')
  const kind = scheme.toLowerCase() === 'udp' ? 'udp' : 'tcp'
  return read<SyslogAddress>({ kind, host: v6 ?? name ?? '', port })
}
