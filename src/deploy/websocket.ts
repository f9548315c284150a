import { createHash, randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { type Endpoint, open } from './client.ts'

/** The value every WebSocket server appends to the key before hashing (RFC 6455, 1.3). */
const handshakeSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

const opcode = { text: 0x1, close: 0x8 } as const

/**
 * Opens a WebSocket, sends one text frame and returns the text of the first frame that comes back.
 * Rejects with the status when the handshake is refused.
 */
export function echoOnce(endpoint: Endpoint, path: string, text: string, within = 5000): Promise<string> {
  return new Promise((resolve, reject) => {
    const key = randomBytes(16).toString('base64')
    const request = open(endpoint, {
      path,
      within,
      headers: handshakeFields(key),
    })
    request.once('error', reject)
    request.once('response', (response) => {
      response.resume()
      request.destroy()
      reject(new RefusedHandshake(response.statusCode ?? 0))
    })
    request.once('upgrade', (response, socket, head) => {
      if (response.headers['sec-websocket-accept'] !== acceptance(key)) {
        socket.destroy()
        reject(new Error('the handshake was accepted with a wrong Sec-WebSocket-Accept'))
        return
      }
      exchange(socket, head, text, within).then(resolve, reject)
    })
    request.end()
  })
}

/** The answer to a handshake was no WebSocket. */
export class RefusedHandshake extends Error {
  readonly status: number
  constructor(status: number) {
    super(`the handshake was answered with status ${status} instead of 101`)
    this.status = status
  }
}

/** What a client says that would like a WebSocket. */
export function handshakeFields(key: string): Readonly<Record<string, string>> {
  return { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key }
}

/** What a server answers to a key. */
export function acceptance(key: string): string {
  return createHash('sha1')
    .update(key + handshakeSalt)
    .digest('base64')
}

/** A frame as a client sends it: final, and masked, which RFC 6455 (5.3) demands of clients. */
export function maskedFrame(code: number, payload: Buffer, mask: Buffer): Buffer {
  if (payload.length > 125) throw new RangeError('a frame of ours holds 125 bytes at most')
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([Buffer.from([0x80 | code, 0x80 | payload.length]), mask, masked])
}

/** Reads one unmasked frame with a short payload; null while it is incomplete. */
export function readFrame(bytes: Buffer): { readonly code: number; readonly payload: Buffer } | null {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return null
  const length = second & 0x7f
  if (length > 125 || bytes.length < 2 + length) return null
  return { code: first & 0x0f, payload: bytes.subarray(2, 2 + length) }
}

function exchange(socket: Duplex, head: Buffer, text: string, within: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = head
    const late = setTimeout(() => finish(() => reject(new Error(`no frame came back within ${within} ms`))), within)
    const finish = (settle: () => void) => {
      clearTimeout(late)
      socket.destroy()
      settle()
    }
    const look = () => {
      const frame = readFrame(received)
      if (frame === null) return
      socket.write(maskedFrame(opcode.close, Buffer.alloc(0), randomBytes(4)))
      finish(() => resolve(frame.payload.toString('utf8')))
    }
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      look()
    })
    socket.once('error', (error) => finish(() => reject(error)))
    socket.once('close', () => finish(() => reject(new Error('the connection was closed before a frame came back'))))
    socket.write(maskedFrame(opcode.text, Buffer.from(text), randomBytes(4)))
    look()
  })
}
