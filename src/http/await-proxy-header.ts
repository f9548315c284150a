import type { Socket } from 'node:net'
import { type Announced, type ProxyProtocol, readProxyHeader } from './proxy-header.ts'

/** How long a balancer may take for its header, in milliseconds: it is sent at once, but TCP may have to send it again. */
const patienceMs = 5000

export type Awaiting = {
  readonly accepted: ProxyProtocol
  /** The header is read; what follows it is in the socket still. */
  readonly onAnnounced: (announced: Announced) => void
  /** No connection of a balancer; it has been closed without a word. */
  readonly onRefused: (reason: string) => void
}

/** Takes the PROXY header off the begin of a connection. Nothing is called when the peer goes away meanwhile. */
export function awaitProxyHeader(socket: Socket, { accepted, onAnnounced, onRefused }: Awaiting): void {
  let seen: Buffer = Buffer.alloc(0)
  const refuse = (reason: string): void => {
    end()
    socket.destroy()
    onRefused(reason)
  }
  const timer = setTimeout(() => refuse(`no PROXY header came within ${patienceMs / 1000} s`), patienceMs).unref()
  const end = (): void => {
    clearTimeout(timer)
    socket.off('readable', take).off('close', end).off('end', leave).off('error', ignore)
  }
  const leave = (): void => {
    end()
    socket.destroy()
  }
  const take = (): void => {
    const chunk: Buffer | null = socket.read()
    if (chunk === null) return
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
    const header = readProxyHeader(seen, accepted)
    if (header.state === 'incomplete') return
    if (header.state === 'wrong') return refuse(header.reason)
    end()
    if (seen.length > header.length) socket.unshift(seen.subarray(header.length))
    onAnnounced(header.announced)
  }
  socket.on('readable', take).on('close', end).on('end', leave).on('error', ignore)
}

function ignore(): void {}
