import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { acceptKey, type Frame, frame, opcode, readFrame } from './websocket.ts'

/** The longest frame that is sent back, in bytes. */
const longest = 64 * 1024

/** Becomes a WebSocket that sends back each frame of text (RFC 6455). */
export function echoWebSocket(request: IncomingMessage, socket: Socket, head: Buffer): void {
  const key = request.headers['sec-websocket-key']
  if (key === undefined || request.headers.upgrade?.toLowerCase() !== 'websocket') {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    return
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${acceptKey(key)}\r\n\r\n`,
  )
  let waiting: Buffer = Buffer.alloc(0)
  const take = (chunk: Buffer): void => {
    try {
      waiting = answerAll(socket, Buffer.concat([waiting, chunk]))
    } catch {
      socket.destroy()
    }
  }
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  socket.on('data', take)
  take(head)
}

/** Answers each whole frame, and returns the bytes of the one that is incomplete. */
function answerAll(socket: Socket, bytes: Buffer): Buffer {
  let rest = bytes
  for (let read = readFrame(rest, longest); read !== null; read = readFrame(rest, longest)) {
    answer(socket, read.frame)
    rest = read.rest
  }
  return rest
}

function answer(socket: Socket, { code, payload }: Frame): void {
  if (code === opcode.text) socket.write(frame(opcode.text, payload))
  if (code === opcode.ping) socket.write(frame(opcode.pong, payload))
  // A close is answered in kind, and the connection ends with it (RFC 6455, 5.5.1).
  if (code === opcode.close) socket.end(frame(opcode.close, payload.subarray(0, 2)))
}
