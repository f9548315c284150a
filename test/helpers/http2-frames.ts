export const frameType = {
  ...{ data: 0, headers: 1, priority: 2, reset: 3, settings: 4, push: 5, ping: 6, goaway: 7, window: 8 },
  continuation: 9,
} as const

/** END_STREAM of DATA and HEADERS is the bit that is ACK in SETTINGS and PING. */
export const flag = { endStream: 1, ack: 1, endHeaders: 4, whole: 5, padded: 8, priority: 32 } as const

/** RFC 9113, 7. */
export const errorCode = {
  ...{ none: 0, protocol: 1, flowControl: 3, streamClosed: 5, frameSize: 6, refused: 7, cancel: 8 },
  ...{ compression: 9, calm: 11 },
} as const

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

export type RawFrame = {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

/** A frame of HTTP/2 (RFC 9113, 4.1). */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head.writeUInt8(type, 3)
  head.writeUInt8(flags, 4)
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** The whole frames at the begin of some bytes. */
export function splitFrames(bytes: Buffer): readonly RawFrame[] {
  const found: RawFrame[] = []
  for (let at = 0; at + 9 <= bytes.length; ) {
    const end = at + 9 + bytes.readUIntBE(at, 3)
    if (end > bytes.length) break
    const [type, flags, stream] = [bytes.readUInt8(at + 3), bytes.readUInt8(at + 4), bytes.readUInt32BE(at + 5)]
    found.push({ type, flags, stream, payload: bytes.subarray(at + 9, end) })
    at = end
  }
  return found
}

export type Field = readonly [name: string, value: string]

/** A block of fields, each written out in full (RFC 7541, 6.2.2). */
export function block(...fields: readonly Field[]): Buffer {
  const text = (value: string): Buffer => Buffer.concat([prefixed(value.length), Buffer.from(value, 'latin1')])
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]))
}

/** A number after a first bit that is not set (RFC 7541, 5.1). */
function prefixed(value: number): Buffer {
  if (value < 127) return Buffer.from([value])
  const rest: number[] = []
  let left = value - 127
  for (; left >= 128; left = Math.floor(left / 128)) rest.push((left % 128) + 128)
  return Buffer.from([127, ...rest, left])
}

/** The status in the first block of fields of a connection, where it stands first. */
export function statusOf(fields: Buffer): number {
  const indexed = [200, 204, 206, 304, 400, 404, 500][(fields[0] ?? 0) - 0x88]
  if (indexed !== undefined) return indexed
  if ((fields[1] ?? 0) < 128) return Number(fields.toString('latin1', 2, 5))
  const bits = [...fields.subarray(2, 5)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  // Of the digits, 0 to 2 have five bits and are what they are worth; the others have six and begin at 25 (RFC 7541, B).
  const digits = [...bits.matchAll(/000..|011.../g)].map(([code]) => Number.parseInt(code, 2))
  return digits.slice(0, 3).reduce((sum, code) => sum * 10 + (code < 3 ? code : code - 22), 0)
}

export const four = (value: number): Buffer =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255])

/** One setting (RFC 9113, 6.5.1). */
export const setting = (id: number, value: number): Buffer => Buffer.concat([Buffer.from([0, id]), four(value)])

export const get: readonly Field[] = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/'],
  [':authority', 'localhost'],
]

export const post: readonly Field[] = [[':method', 'POST'], ...get.slice(1)]
