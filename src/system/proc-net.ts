import { readProc } from './proc.ts'

// All that is read from /proc/net: which sockets listen (proc(5)).

export type ListeningTcp = {
  /** Four or sixteen bytes. */
  readonly address: Buffer
  readonly port: number
  /** Whose it is. */
  readonly uid: number
  readonly inode: number
}

export type UnixSocket = { readonly path: string; readonly inode: number; readonly listens: boolean }

/** The TCP sockets that listen in our network namespace. */
export function listeningTcp(): readonly ListeningTcp[] {
  return ['net/tcp', 'net/tcp6'].flatMap((file) => parseTcp(readProc(file) ?? ''))
}

/** Reads `/proc/net/tcp` or `tcp6`; state 0A is LISTEN. Addresses stand there as 32-bit words in the machine's order. */
export function parseTcp(text: string): readonly ListeningTcp[] {
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , uid, , inode] = line.trim().split(/\s+/)
    const [hex = '', port = ''] = local.split(':')
    if (state !== '0A') return []
    const words = hex.match(/.{8}/g) ?? []
    const address = Buffer.concat(words.map((word) => wordBytes(Number.parseInt(word, 16))))
    return [{ address, port: Number.parseInt(port, 16), uid: Number(uid), inode: Number(inode) }]
  })
}

function wordBytes(word: number): Buffer {
  return Buffer.from(Uint32Array.of(word).buffer)
}

/** The unix sockets of our network namespace that have a name. */
export function unixSockets(): readonly UnixSocket[] {
  return parseUnix(readProc('net/unix') ?? '')
}

/** Reads `/proc/net/unix`; flag 0x10000 says that a socket listens. */
export function parseUnix(text: string): readonly UnixSocket[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\w+: \w+ \w+ (\w+) \w+ \w+ +(\d+) (.+)$/.exec(line)
    if (match === null) return []
    const [, flags = '', inode = '', path = ''] = match
    return [{ path, inode: Number(inode), listens: (Number.parseInt(flags, 16) & 0x10000) !== 0 }]
  })
}
