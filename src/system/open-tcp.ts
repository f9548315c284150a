import { closeSync } from 'node:fs'
import { Failure } from '../contract/errors.ts'
import { type Address, formatAddress } from '../contract/listeners.ts'
import { findTcpHolder, letPass } from './holder.ts'
import { libc } from './libc.ts'
import type { Listener, ListenOptions } from './listener.ts'
import { family, socketOption, socketType } from './numbers.ts'
import { readProc } from './proc.ts'
import { decodeAddress, encodeIp } from './socket-address.ts'
import { SystemError } from './system-error.ts'

type TcpAddress = Extract<Address, { readonly kind: 'tcp' }>

/** Listens on an IP address and port; port 0 takes a free one. Throws Failure BIND_IN_USE or BIND_REFUSED. */
export function openTcp(wanted: TcpAddress, { backlog, reusePort }: ListenOptions): Listener {
  const encoded = encodeIp(wanted.host, wanted.port)
  if (encoded === null) throw refuse(wanted, 'the host is no IP address')
  const isIpv6 = wanted.host.includes(':')
  try {
    const fd = libc().socket(isIpv6 ? family.ipv6 : family.ipv4, socketType.stream)
    return closedOnFailure(fd, () => {
      libc().setOption(fd, socketOption.reuseAddress, 1)
      if (reusePort) libc().setOption(fd, socketOption.reusePort, 1)
      // Otherwise [::]:80 takes 0.0.0.0:80 as well, and binding both fails or succeeds by a sysctl (ipv6(7)).
      if (isIpv6) libc().setOption(fd, socketOption.v6Only, 1)
      libc().bind(fd, encoded)
      libc().listen(fd, backlog)
      const address = decodeAddress(libc().socketName(fd)) ?? wanted
      return { fd, address, label: formatAddress(address), file: null, isOurs: true }
    })
  } catch (error) {
    throw error instanceof SystemError ? explain(wanted, error) : error
  }
}

/** Does something with a descriptor; if that throws, the descriptor is closed. */
export function closedOnFailure<Result>(fd: number, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function explain(address: TcpAddress, error: SystemError): Failure {
  const label = formatAddress(address)
  switch (error.code) {
    case 'EADDRINUSE': {
      const holder = findTcpHolder(address.host, address.port)
      const message = `${label} is in use by ${holder?.words ?? 'another process (which one, only its user and root can see)'}`
      const fix = `stop it, or choose another port; to see it: sudo ss -ltnp 'sport = :${address.port}'`
      return new Failure('BIND_IN_USE', message, { fix, cause: error, mayPass: letPass(holder) })
    }
    case 'EADDRNOTAVAIL':
      return refuse(
        address,
        'no interface of this machine has that address',
        error,
        'see the addresses with: ip address',
      )
    case 'EACCES':
    case 'EPERM':
      return refuse(address, privileged(address.port), error, lowPortFix)
    case 'EAFNOSUPPORT':
      return refuse(address, 'this machine has no IPv6', error, 'bind an IPv4 address')
    default:
      return refuse(address, error.message, error)
  }
}

const lowPortFix =
  'bind a unix socket or a port from 1024 on behind nginx, let a systemd socket unit open it, or start as root with --user'

function privileged(port: number): string {
  const first = readProc('sys/net/ipv4/ip_unprivileged_port_start')?.trim() ?? '1024'
  return port < Number(first)
    ? `ports below ${first} need root or CAP_NET_BIND_SERVICE`
    : 'the system does not permit it'
}

function refuse(address: TcpAddress, why: string, cause?: unknown, fix?: string): Failure {
  const options = fix === undefined ? { cause } : { cause, fix }
  return new Failure('BIND_REFUSED', `cannot listen on ${formatAddress(address)}: ${why}`, options)
}
