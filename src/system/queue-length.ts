import { closeSync, fstatSync } from 'node:fs'
import { libc } from './libc.ts'
import { family, socketType } from './numbers.ts'
import { readProc } from './proc.ts'

/** How many connections wait to be accepted on a listening descriptor of ours; null where the kernel does not tell. */
export function queueLength(fd: number): number | null {
  try {
    const { ino } = fstatSync(fd)
    return tcpQueue(ino) ?? unixQueue(ino)
  } catch {
    return null
  }
}

function tcpQueue(inode: number): number | null {
  return findTcpQueue(`${readProc('net/tcp') ?? ''}\n${readProc('net/tcp6') ?? ''}`, inode)
}

/** In `/proc/net/tcp` the receive queue of a listening socket is its queue of connections (proc_net_tcp.rst). */
export function findTcpQueue(text: string, inode: number): number | null {
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/)
    const [, , , state, queues = ''] = fields
    if (state === listenState && Number(fields[9]) === inode) return Number.parseInt(queues.split(':')[1] ?? '', 16)
  }
  return null
}

const listenState = '0A'

// sock_diag(7): a request for one unix socket, by inode, and what is told of its queue.
const sockDiagProtocol = 4
const sockDiagByFamily = 20
const requestFlag = 1
const headerBytes = 16
const messageBytes = 16
const showQueueLength = 0x10
const queueLengthAttribute = 4

function unixQueue(inode: number): number | null {
  const fd = libc().socket(family.netlink, socketType.raw, sockDiagProtocol)
  try {
    libc().sendTo(fd, askFor(inode), kernelAddress())
    const space = Buffer.alloc(4096)
    return readAnswer(space.subarray(0, libc().receive(fd, space)))
  } finally {
    closeSync(fd)
  }
}

/** netlink(7): the kernel is pid 0, and we are in no group. */
function kernelAddress(): Buffer {
  const address = Buffer.alloc(12)
  address.set(new Uint8Array(Uint16Array.of(family.netlink).buffer))
  return address
}

function askFor(inode: number): Buffer {
  const noCookie = 0xffffffff
  const words = Uint32Array.of(0xffffffff, inode, showQueueLength, noCookie, noCookie)
  const request = Buffer.concat([Buffer.of(family.unix, 0, 0, 0), Buffer.from(words.buffer)])
  const length = headerBytes + request.length
  const header = [Uint32Array.of(length), Uint16Array.of(sockDiagByFamily, requestFlag), Uint32Array.of(1, 0)].map(
    ({ buffer }) => Buffer.from(buffer),
  )
  return Buffer.concat([...header, request])
}

function readAnswer(bytes: Buffer): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
  if (view.getUint16(4, little) !== sockDiagByFamily) return null
  for (let at = headerBytes + messageBytes; at + 8 <= bytes.length; ) {
    const length = view.getUint16(at, little)
    if (view.getUint16(at + 2, little) === queueLengthAttribute) return view.getUint32(at + 4, little)
    at += Math.max(4, (length + 3) & ~3)
  }
  return null
}
