import http from 'node:http'
import net from 'node:net'
import type { Target } from './http-request.ts'

const period = 64 * 1024
/** What test/apps/bulk.mjs sends, and knows when it is sent it. */
const pattern = Buffer.alloc(2 * period, 'tsicorn ')

/** Asks bulk for so many bytes, and counts those that are right. */
export function download(target: Target, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = http.get({ ...target, path, agent: false, headers: { host: 'localhost' } }, (answer) => {
      let [count, right] = [0, 0]
      answer.on('data', (part: Buffer) => {
        if (part.equals(pattern.subarray(count % 8, (count % 8) + part.length))) right += part.length
        count += part.length
      })
      answer.on('error', reject).on('end', () => resolve(right))
    })
    asked.on('error', reject)
  })
}

export type Upload = Disposable & {
  /** Bytes that were handed to the kernel. */
  readonly sent: () => number
  /** The body of the answer. */
  readonly answer: Promise<string>
}

/** Sends bulk so many bytes, no faster than they are taken. */
export function upload(target: Target, path: string, bytes: number): Upload {
  const sent = http.request({ ...target, path, method: 'POST', agent: false, headers: headersOf(bytes) })
  const answer = new Promise<string>((resolve, reject) => {
    sent.on('error', reject).on('response', (answered) => {
      let text = ''
      answered.setEncoding('latin1').on('data', (part: string) => (text += part))
      answered.on('error', reject).on('end', () => resolve(text))
    })
  })
  let left = bytes
  const go = (): void => {
    while (left > 0) {
      const length = Math.min(left, period)
      left -= length
      if (!sent.write(pattern.subarray(0, length))) return void sent.once('drain', go)
    }
    sent.end()
  }
  go()
  return { sent: () => bytes - left - sent.writableLength, answer, [Symbol.dispose]: () => void sent.destroy() }
}

function headersOf(bytes: number): http.OutgoingHttpHeaders {
  return { host: 'localhost', 'content-length': bytes }
}

/** Asks bulk for so many bytes and takes none of them. */
export function askAndIgnore(target: Target, path: string): Disposable {
  const socket = net.connect('socketPath' in target ? { path: target.socketPath } : { host: '127.0.0.1', ...target })
  socket.on('error', () => {}).pause()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return { [Symbol.dispose]: () => void socket.destroy() }
}
