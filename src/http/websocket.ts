/** Opcodes of RFC 6455, section 5.2. */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** "Going away": the server stops, and the client may come back at once (RFC 6455, 7.4.1). */
export const goingAway = 1001

/** The value of Sec-WebSocket-Accept that answers a key (RFC 6455, 4.2.2). */
export function acceptKey(key: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto')
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
}

/** A whole, unmasked frame, as a server sends it. */
export function frame(code: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const head = length < 126 ? Buffer.alloc(2) : length < 65536 ? Buffer.alloc(4) : Buffer.alloc(10)
  head[0] = 0x80 | code
  if (length < 126) head[1] = length
  else if (length < 65536) {
    head[1] = 126
    head.writeUInt16BE(length, 2)
  } else {
    head[1] = 127
    head.writeBigUInt64BE(BigInt(length), 2)
  }
  return Buffer.concat([head, payload])
}

export function closeFrame(status: number): Buffer {
  const payload = Buffer.alloc(2)
  payload.writeUInt16BE(status)
  return frame(opcode.close, payload)
}

export type Frame = { readonly code: number; readonly final: boolean; readonly payload: Buffer }

/**
 * The first frame in the bytes a client sent and what follows it; null while it is incomplete.
 * Throws RangeError when the payload is longer than `limit` or the frame is not masked, as a client's must be.
 */
export function readFrame(bytes: Buffer, limit: number): { readonly frame: Frame; readonly rest: Buffer } | null {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return null
  if ((second & 0x80) === 0) throw new RangeError('a client sent an unmasked frame')
  const short = second & 0x7f
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0
  const start = 2 + extra + 4
  if (bytes.length < start) return null
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
  if (length > limit) throw new RangeError(`a frame of ${length} bytes is longer than ${limit}`)
  if (bytes.length < start + length) return null
  const mask = bytes.subarray(start - 4, start)
  const payload = Buffer.from(bytes.subarray(start, start + length))
  for (let at = 0; at < length; at += 1) payload[at] = (payload[at] ?? 0) ^ (mask[at & 3] ?? 0)
  return { frame: { code: first & 0x0f, final: (first & 0x80) !== 0, payload }, rest: bytes.subarray(start + length) }
}
