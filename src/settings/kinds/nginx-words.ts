import { isIPv4, isIPv6 } from 'node:net'
import type { Kind } from '../setting.ts'
import { text } from './text.ts'

/** Where nginx listens: a port, or an address and a port. */
export const nginxListen: Kind<string> = text({
  placeholder: 'ADDRESS',
  expects: 'PORT, IP:PORT or [IPV6]:PORT',
  problem: (value) => {
    const found = /^(?:(?:([\d.]+)|\[([^\]]+)\]):)?([1-9]\d{0,4})$/.exec(value)
    if (found === null) return 'not of that shape'
    const [, v4, v6, port] = found
    if (v4 !== undefined && !isIPv4(v4)) return 'not an IPv4 address'
    if (v6 !== undefined && (!isIPv6(v6) || v6.includes('%'))) return 'not an IPv6 address'
    return Number(port) > 65535 ? 'a port is a number from 1 to 65535' : null
  },
})

/** The version of an nginx, as `nginx -v` prints it. */
export const nginxVersion: Kind<string> = text({
  placeholder: 'VERSION',
  expects: 'a version of three numbers such as 1.22.1, at least 1.18.0',
  problem: (value) => {
    if (!/^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(value)) return 'not of that shape'
    return atLeast(value, '1.18.0') ? null : 'too old for the generated site'
  },
})

/** The version of OpenSSL that an nginx is linked with, as `nginx -V` prints it without its letter. */
export const opensslVersion: Kind<string> = text({
  placeholder: 'VERSION',
  expects: 'a version of three numbers such as 3.0.19',
  problem: (value) => (/^\d{1,4}\.\d{1,4}\.\d{1,4}$/.test(value) ? null : 'not of that shape'),
})

/** Whether a version of three numbers is another one or a later one. */
export function atLeast(version: string, floor: string): boolean {
  const [given, wanted] = [version, floor].map((text) => text.split('.').map(Number))
  for (const [index, part] of (wanted ?? []).entries()) {
    const own = given?.[index] ?? 0
    if (own !== part) return own > part
  }
  return true
}

/** An address of electronic mail, of the plain sort. */
export const mailAddress: Kind<string> = text({
  placeholder: 'EMAIL',
  expects: 'a mail address such as admin@example.com',
  problem: (value) => (/^[\w.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(value) ? null : 'not of that shape'),
})

/** A route that is written into commands of the runbook as well. */
export const plainRoute: Kind<string> = text({
  placeholder: 'PATH',
  expects: 'a URL path such as /health',
  problem: (value) => {
    if (!value.startsWith('/') || value.startsWith('//')) return 'it begins with one /'
    return /^[\w./~%=&?,:@+-]{1,200}$/.test(value) ? null : 'a character that would have to be percent-encoded'
  },
})
