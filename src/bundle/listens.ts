/** The addresses to listen on. An address names one family; a bare port and the two that mean "all" and "this host" have a twin. */
export function listens(address: string, ipv6: boolean): readonly string[] {
  const found = /^(?:(127\.0\.0\.1|0\.0\.0\.0):)?(\d+)$/.exec(address)
  if (found === null || !ipv6) return [address]
  return [address, `${found[1] === '127.0.0.1' ? '[::1]' : '[::]'}:${found[2]}`]
}

/** The host and the port of an address; without a host, all addresses of IPv4. */
export function partsOf(address: string): { readonly host: string; readonly port: string } {
  const [, host = '0.0.0.0', port = ''] = /^(?:(.+):)?(\d+)$/.exec(address) ?? []
  return { host, port }
}
