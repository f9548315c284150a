import { Failure } from '../contract/errors.ts'
import { type Address, formatAddress } from '../contract/listeners.ts'
import { libc } from './libc.ts'
import type { Listener } from './listener.ts'
import { socketOption, socketType } from './numbers.ts'
import { decodeAddress } from './socket-address.ts'
import type { SystemError } from './system-error.ts'

export type InheritedListener = {
  readonly fd: number
  /** FileDescriptorName of the socket unit; sockets of one unit share it. Empty when not given. */
  readonly name: string
  readonly address: Address
  /** As written in logs. */
  readonly label: string
}

/** The first descriptor that a supervisor hands over (sd_listen_fds(3)). */
const firstFd = 3

/** More than any sane unit has; a number beyond is a mistake, not a wish. */
const mostFds = 1024

/**
 * The listening sockets a supervisor handed over by LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES; none when they are for another process.
 * Throws Failure BIND_REFUSED when the variables make no sense or a descriptor is no listening socket.
 */
export function inheritedListeners(
  env: Readonly<Record<string, string | undefined>>,
  pid: number,
): readonly InheritedListener[] {
  const { LISTEN_FDS: fds, LISTEN_PID: owner, LISTEN_FDNAMES: names } = env
  // A shell in between passes on what was meant for another process; that is no mistake.
  if (fds === undefined || owner === undefined || readNumber('LISTEN_PID', owner) !== pid) return []
  const count = readNumber('LISTEN_FDS', fds)
  if (count > mostFds) throw nonsense('LISTEN_FDS', fds, `at most ${mostFds}`)
  const list = names === undefined ? [] : names.split(':')
  if (names !== undefined && list.length !== count) throw nonsense('LISTEN_FDNAMES', names, `${count} names`)
  return Array.from({ length: count }, (_, index) => {
    const { fd, address, label } = describe(firstFd + index, `descriptor ${firstFd + index} of LISTEN_FDS`)
    return { fd, address, label, name: list[index] ?? '' }
  })
}

/**
 * Looks at a descriptor given as `fd://N`, and keeps it from programs started later.
 * Throws Failure BIND_REFUSED when it is no listening socket. The result is never unlinked.
 */
export function describeFd(fd: number): Listener {
  return describe(fd, `fd://${fd}`)
}

function describe(fd: number, name: string): Listener {
  try {
    const address = decodeAddress(libc().socketName(fd))
    const [type] = libc().getOption(fd, socketOption.type)
    const [isListening] = libc().getOption(fd, socketOption.isListening)
    if (address === null || type !== socketType.stream) throw refuse(name, 'is no stream socket, TCP or unix')
    if (isListening !== 1) throw refuse(name, 'is a socket that does not listen')
    libc().closeOnExec(fd)
    return { fd, address, label: formatAddress(address), file: null, isOurs: false }
  } catch (error) {
    if (error instanceof Failure) throw error
    const { code, message } = error as SystemError
    throw refuse(name, code === 'EBADF' ? 'is not open' : code === 'ENOTSOCK' ? 'is no socket' : message, error)
  }
}

function refuse(name: string, why: string, cause?: unknown): Failure {
  const fix = 'a listening socket is expected, as a systemd socket unit hands over'
  return new Failure('BIND_REFUSED', `${name} ${why}`, { fix, cause })
}

function readNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw nonsense(name, text, 'a whole number')
  return Number(text)
}

function nonsense(name: string, text: string, expected: string): Failure {
  return new Failure('BIND_REFUSED', `${name} in the environment: expected ${expected}, got ${JSON.stringify(text)}`, {
    fix: 'unset LISTEN_FDS, LISTEN_PID and LISTEN_FDNAMES, which only a supervisor such as systemd should set',
  })
}
