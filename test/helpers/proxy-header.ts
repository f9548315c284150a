const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

export type HeaderV2 = {
  /** 1 says PROXY, 0 LOCAL. */
  readonly command?: number
  /** Family and transport: 0x11 is TCP over IPv4, 0x21 over IPv6, 0x31 a unix stream. */
  readonly family?: number
  /** Addresses, ports and what else follows. */
  readonly block?: Buffer
}

/** A PROXY header of version 2, as a balancer sends it. */
export function proxyHeaderV2({
  command = 1,
  family = 0x11,
  block = ipv4Block('203.0.113.9', 4711),
}: HeaderV2 = {}): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(block.length)
  return Buffer.concat([signature, Buffer.from([0x20 | command, family]), length, block])
}

/** From an address to 127.0.0.1:443. */
export function ipv4Block(source: string, port: number): Buffer {
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(port)
  ports.writeUInt16BE(443, 2)
  return Buffer.concat([Buffer.from(source.split('.').map(Number)), Buffer.from([127, 0, 0, 1]), ports])
}

/** From an address, given as 16 bytes in hex, to ::1, port 443. */
export function ipv6Block(source: string, port: number): Buffer {
  const rest = Buffer.alloc(20)
  rest[15] = 1
  rest.writeUInt16BE(port, 16)
  rest.writeUInt16BE(443, 18)
  return Buffer.concat([Buffer.from(source, 'hex'), rest])
}
