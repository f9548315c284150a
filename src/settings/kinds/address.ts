import { isIPv4, isIPv6 } from 'node:net'
import { type Address, formatAddress, slotPlaceholder } from '../../contract/listeners.ts'
import { controlProblem, read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'
import { list } from './list.ts'

// sun_path of Linux and the BSDs' common ground: 108 bytes with the closing NUL (unix(7)).
const longestUnixPath = 107

const longestHostName = 253

/** One address to listen on. */
export const address: Kind<Address, string | number> = {
  placeholder: 'ADDRESS',
  expects: 'HOST:PORT, [IPV6]:PORT, PORT, unix:/PATH or fd://N',
  repeatable: false,
  parse: parseAddress,
  accept: (value) => (typeof value === 'string' || Number.isInteger(value) ? parseAddress(String(value)) : refuse()),
  format: formatAddress,
}

/** Addresses to listen on: at least one, and none twice but port 0, which is a different port each time. */
export const addresses = list(address, {
  expects: address.expects,
  separator: ',',
  min: 1,
  key: (item) => (item.kind === 'tcp' && item.port === 0 ? null : formatAddress(item)),
})

function parseAddress(text: string): Reading<Address> {
  const problem = controlProblem(text)
  if (problem !== null) return refuse(problem)
  if (text.startsWith('unix:')) return parseUnix(text.slice(text.startsWith('unix://') ? 7 : 5))
  if (text.startsWith('fd://')) return parseFd(text.slice(5))
  return parseTcp(text.startsWith('tcp://') ? text.slice(6) : text)
}

function parseUnix(path: string): Reading<Address> {
  if (path === '') return refuse('the path after unix: is empty')
  if (!path.startsWith('/')) return refuse('the path after unix: must be absolute')
  if (path.endsWith('/')) return refuse('the path after unix: names a directory')
  if (path.split(slotPlaceholder).length > 2) return refuse(`${slotPlaceholder} may stand in a path once`)
  const bytes = Buffer.byteLength(path.replace(slotPlaceholder, '512'))
  if (bytes > longestUnixPath) return refuse(`the path has ${bytes} bytes, the kernel allows ${longestUnixPath}`)
  return read({ kind: 'unix', path })
}

function parseFd(text: string): Reading<Address> {
  if (!/^(?:0|[1-9]\d{0,6})$/.test(text)) return refuse('fd:// is followed by a descriptor number')
  return Number(text) < 3
    ? refuse('descriptors 0 to 2 are standard input, output and error')
    : read({ kind: 'fd', fd: Number(text) })
}

function parseTcp(text: string): Reading<Address> {
  const found = /^(?:\[([^\]]*)\]:|([^:[\]]*):)?([^:[\]]*)$/.exec(text)
  if (found === null) return refuse(shapeProblem(text))
  const [, v6, name, port = ''] = found
  const isHostAlone = v6 === undefined && name === undefined && /[a-z.]/i.test(port)
  const problem = isHostAlone ? 'the port is missing' : (hostProblem(v6, name) ?? portProblem(port))
  if (problem !== null) return refuse(problem)
  return read({
    kind: 'tcp',
    host: v6 ?? (name === undefined || name === '' ? '0.0.0.0' : name),
    port: Number(port),
  })
}

function shapeProblem(text: string): string {
  if (text.startsWith('[') && !text.includes(']')) return 'the closing ] is missing'
  if (text.startsWith('[')) return 'the address in brackets is followed by a colon and a port'
  return 'an IPv6 address stands in brackets: [::1]:8000'
}

function hostProblem(v6: string | undefined, name: string | undefined): string | null {
  if (v6 !== undefined) return isIPv6(v6) ? null : 'what stands in brackets is not an IPv6 address'
  if (name === undefined || name === '' || isIPv4(name)) return null
  if (/^[\d.]+$/.test(name)) return 'not an IPv4 address'
  const legal = /^[a-z\d](?:[a-z\d._-]*[a-z\d])?$/i.test(name) && name.length <= longestHostName
  return legal ? null : 'not a host name'
}

function portProblem(port: string): string | null {
  if (port === '') return 'the port is missing'
  const legal = /^(?:0|[1-9]\d{0,4})$/.test(port) && Number(port) <= 65535
  return legal ? null : 'a port is a whole number from 0 to 65535'
}
