import { closeSync } from 'node:fs'
import koffi from 'koffi'
import { libc } from '../../src/system/libc.ts'
import { family, socketType } from '../../src/system/numbers.ts'
import { encodeUnix } from '../../src/system/socket-address.ts'

const recv = koffi.load(null).func('intptr_t recv(int, void *, size_t, int)')

export type Supervisor = Disposable & {
  /** The next datagram, or null when none has arrived. */
  readonly receive: () => string | null
  /** Every datagram that has arrived since the start, also those received before. */
  readonly heard: () => readonly string[]
}

/** A service manager as sd_notify(3) describes it: a datagram socket with a name. */
export function supervise(path: string): Supervisor {
  const fd = libc().socket(family.unix, socketType.datagram)
  libc().bind(fd, encodeUnix(path))
  const all: string[] = []
  const receive = (): string | null => {
    const space = Buffer.alloc(4096)
    const length = Number(recv(fd, space, space.length, 0))
    if (length < 0) return null
    const datagram = space.toString('utf8', 0, length)
    all.push(datagram)
    return datagram
  }
  return {
    receive,
    heard: () => {
      while (receive() !== null);
      return all
    },
    [Symbol.dispose]: () => closeSync(fd),
  }
}
