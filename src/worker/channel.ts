import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { MessagePort } from 'node:worker_threads'
import type { ToMaster, ToWorker } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'

export type Order = ToWorker<ServerConfig>

export type Channel = {
  readonly send: (message: ToMaster) => void
  /** For the very last word: in the hands of the system when it returns. */
  readonly sendNow: (message: ToMaster) => void
  /** Whether waiting for an order keeps the process alive. */
  readonly keepAlive: (wanted: boolean) => void
}

export type ChannelEvents = {
  readonly onOrder: (order: Order) => void
  /** The master is gone. */
  readonly onEnd: () => void
}

/** The socket pair to the master: one JSON message a line, both ways. */
export function openChannel(fd: number, { onOrder, onEnd }: ChannelEvents): Channel {
  const socket = new Socket({ fd, readable: true, writable: true })
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onOrder(JSON.parse(line) as Order)
  })
  socket.on('error', () => {})
  socket.once('close', onEnd)
  return {
    send: (message) => {
      if (socket.writable) socket.write(`${JSON.stringify(message)}\n`)
    },
    sendNow: (message) => {
      try {
        writeSync(fd, `${JSON.stringify(message)}\n`)
      } catch {
        // Full or closed: the master will go by the exit status.
      }
    },
    keepAlive: (wanted) => {
      if (wanted) socket.ref()
      else socket.unref()
    },
  }
}

/** The way from a thread to the main thread of its worker. */
export function openPort(port: MessagePort, { onOrder, onEnd }: ChannelEvents): Channel {
  const send = (message: ToMaster): void => port.postMessage(message)
  port.on('message', (order: Order) => onOrder(order))
  port.once('close', onEnd)
  return {
    send,
    sendNow: send,
    keepAlive: (wanted) => {
      if (wanted) port.ref()
      else port.unref()
    },
  }
}
