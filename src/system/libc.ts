import { createRequire } from 'node:module'
import type Koffi from 'koffi'
import { Failure } from '../contract/errors.ts'
import type { GroupEntry, PasswordEntry } from './accounts.ts'
import { type Declare, descriptorCalls } from './descriptor-calls.ts'
import type { SocketOption } from './numbers.ts'
import { SystemError } from './system-error.ts'

const require = createRequire(import.meta.url)

/**
 * The calls of the C library that Node does not offer, as narrow as they are used.
 * Descriptors are those of this process. A call that fails throws SystemError; none of them blocks.
 */
export type Libc = {
  /** The descriptor is closed on exec and non-blocking. */
  readonly socket: (family: number, type: number, protocol?: number) => number
  readonly bind: (fd: number, address: Uint8Array) => void
  readonly connect: (fd: number, address: Uint8Array) => void
  readonly listen: (fd: number, backlog: number) => void
  readonly socketName: (fd: number) => Buffer
  readonly setOption: (fd: number, option: SocketOption, value: number) => void
  /** One number for most options, several for those that are structures. */
  readonly getOption: (fd: number, option: SocketOption) => readonly number[]
  /** Has each packet that comes to a socket judged by a program of classic BPF (SO_ATTACH_FILTER, socket(7)). */
  readonly attachFilter: (fd: number, program: Uint8Array) => void
  readonly sendTo: (fd: number, message: Uint8Array, address: Uint8Array) => void
  /** Returns how many bytes came; throws EAGAIN when there are none. */
  readonly receive: (fd: number, space: Uint8Array) => number
  /** The reading end and the writing end, both closed on exec. */
  readonly pipe: () => readonly number[]
  readonly closeOnExec: (fd: number) => void
  /** Has the system kill a process when something happens to what a descriptor, here and there, leads to (F_SETSIG, fcntl(2)). */
  readonly killOnHangup: (fd: number, pid: number) => void
  readonly ignoreHangup: (fd: number) => void
  readonly duplicate: (fd: number) => number
  /** Makes a descriptor lead to where another one does (dup2(2)). */
  readonly duplicateOnto: (fd: number, target: number) => void
  /** The policy that the system's scheduler has for a thread, with priority 0 (sched_setscheduler(2)). musl refuses: ENOSYS. */
  readonly setScheduler: (thread: number, policy: number) => void
  /** Takes the one lock on an open file; false when another open file holds it (flock(2)). */
  readonly lock: (fd: number) => boolean
  readonly findUser: (user: string | number) => PasswordEntry | null
  readonly findGroup: (group: string | number) => GroupEntry | null
  /** All groups of a user, `gid` included. */
  readonly groupsOf: (name: string, gid: number) => readonly number[]
}

const attachFilterOption = [1, 26] as const
const closeOnExecFlag = 0o2000000
const nonBlockingFlag = 0o4000
const noSignalFlag = 0x4000

let loaded: Libc | undefined

/** The C library, loaded by the first call: it costs a process some 3 MB and 10 ms, and only the master needs it. */
export function libc(): Libc {
  loaded ??= bindCalls(loadKoffi())
  return loaded
}

function loadKoffi(): typeof Koffi {
  try {
    return require('koffi') as typeof Koffi
  } catch (cause) {
    throw new Failure('FAILURE', `the package koffi, through which sockets are opened, cannot be loaded: ${cause}`, {
      fix: 'install again with optional dependencies (npm install --include=optional): they hold its binary for this platform',
      cause,
    })
  }
}

function bindCalls(koffi: typeof Koffi): Libc {
  // What the node binary is linked against, glibc or musl, by whatever file name.
  const library = koffi.load(null)
  const declare = (prototype: string) => {
    const call = library.func(prototype)
    const name = prototype.match(/\w+(?=\()/)?.[0] ?? prototype
    return (...values: readonly unknown[]): number => {
      const result = call(...values) as number
      if (result < 0) throw new SystemError(name, koffi.errno())
      return result
    }
  }
  return {
    ...socketCalls(declare),
    attachFilter: filterCall(koffi, library),
    ...descriptorCalls(declare),
    setScheduler: schedulerCall(declare),
    ...accountCalls(koffi, library),
  }
}

function socketCalls(declare: Declare) {
  const socket = declare('int socket(int, int, int)')
  const bind = declare('int bind(int, const void *, uint32)')
  const connect = declare('int connect(int, const void *, uint32)')
  const listen = declare('int listen(int, int)')
  const getsockname = declare('int getsockname(int, void *, void *)')
  const setsockopt = declare('int setsockopt(int, int, int, const void *, uint32)')
  const getsockopt = declare('int getsockopt(int, int, int, void *, void *)')
  const recv = declare('intptr_t recv(int, void *, size_t, int)')
  const sendto = declare('intptr_t sendto(int, const void *, size_t, int, const void *, uint32)')
  return {
    socket: (domain: number, type: number, protocol = 0) =>
      socket(domain, type | closeOnExecFlag | nonBlockingFlag, protocol),
    bind: (fd: number, address: Uint8Array) => void bind(fd, address, address.length),
    connect: (fd: number, address: Uint8Array) => void connect(fd, address, address.length),
    listen: (fd: number, backlog: number) => void listen(fd, backlog),
    socketName: (fd: number) => read((space, size) => getsockname(fd, space, size)),
    setOption: (fd: number, [level, name]: SocketOption, value: number) =>
      void setsockopt(fd, level, name, Int32Array.of(value), 4),
    getOption: (fd: number, [level, name]: SocketOption) => [
      ...new Int32Array(Uint8Array.from(read((space, size) => getsockopt(fd, level, name, space, size))).buffer),
    ],
    sendTo: (fd: number, message: Uint8Array, address: Uint8Array) =>
      void sendto(fd, message, message.length, noSignalFlag, address, address.length),
    receive: (fd: number, space: Uint8Array) => recv(fd, space, space.length, 0),
  }
}

function schedulerCall(declare: Declare) {
  const call = declare('int sched_setscheduler(int, int, const void *)')
  return (thread: number, policy: number): void => void call(thread, policy, Int32Array.of(0))
}

function filterCall(koffi: typeof Koffi, library: ReturnType<typeof Koffi.load>) {
  const program = koffi.struct({ length: 'uint16', instructions: 'const void *' })
  const setsockopt = library.func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(program), 'uint32'])
  return (fd: number, bytes: Uint8Array): void => {
    const given = { length: bytes.length / 8, instructions: bytes }
    if (setsockopt(fd, ...attachFilterOption, given, koffi.sizeof(program)) < 0)
      throw new SystemError('setsockopt', koffi.errno())
  }
}

/** Lets a call fill some space and say how much of it. */
function read(call: (space: Buffer, size: Uint32Array) => void): Buffer {
  const space = Buffer.alloc(128)
  const size = Uint32Array.of(space.length)
  call(space, size)
  return space.subarray(0, size[0])
}

/** Through the C library, since users may come from elsewhere than /etc/passwd (nsswitch.conf(5)). */
function accountCalls(koffi: typeof Koffi, library: ReturnType<typeof Koffi.load>) {
  const user = koffi.struct({
    ...{ name: 'char *', password: 'char *', uid: 'uint32', gid: 'uint32' },
    ...{ gecos: 'char *', home: 'char *', shell: 'char *' },
  })
  const group = koffi.struct({ name: 'char *', password: 'char *', gid: 'uint32', members: 'void *' })
  const find = (prototype: string, entry: typeof user) => {
    const call = library.func(prototype)
    return (key: string | number) => {
      const pointer: unknown = call(key)
      return pointer === null ? null : koffi.decode(pointer, entry)
    }
  }
  const userByName = find('void *getpwnam(const char *)', user)
  const userById = find('void *getpwuid(uint32)', user)
  const groupByName = find('void *getgrnam(const char *)', group)
  const groupById = find('void *getgrgid(uint32)', group)
  const getgrouplist = library.func('int getgrouplist(const char *, uint32, void *, void *)')
  return {
    findUser: (key: string | number): PasswordEntry | null => (typeof key === 'string' ? userByName : userById)(key),
    findGroup: (key: string | number): GroupEntry | null => (typeof key === 'string' ? groupByName : groupById)(key),
    groupsOf: (name: string, gid: number): readonly number[] => {
      const count = Int32Array.of(256)
      let groups = new Uint32Array(256)
      if (getgrouplist(name, gid, groups, count) < 0) {
        // The call has said how much room it needs.
        groups = new Uint32Array(count[0] ?? 0)
        getgrouplist(name, gid, groups, count)
      }
      return [...groups.subarray(0, count[0])]
    },
  }
}
