import { createServer, type Server, type Socket } from 'node:net'
import { type ControlAnswer, type ControlRequest, longestControlLine } from '../contract/control.ts'
import { unlinkListener } from '../system/close-listener.ts'
import type { Listener } from '../system/listener.ts'
import { openListener } from '../system/open-listener.ts'
import { peerUid } from '../system/peer.ts'
import { readRequest } from './control-request.ts'

type Ask = (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer>

/** The control socket: for its owner and root alone, checked by the kernel's word and not only by the file's mode. */
export class ControlSocket {
  readonly #listener: Listener
  readonly #server: Server
  readonly #clients = new Set<Socket>()

  /** Throws Failure BIND_… when the socket cannot be had. */
  constructor(path: string, ask: Ask) {
    this.#listener = openListener({ kind: 'unix', path }, { backlog: 16, mode: 0o600, owner: null })
    this.#server = createServer((client) => this.#welcome(client, ask))
    this.#server.listen({ fd: this.#listener.fd })
    this.#server.unref()
  }

  /** Takes no more requests; answers on their way still go out. */
  close(): void {
    unlinkListener(this.#listener)
    // The server owns the descriptor by now, and closes it.
    this.#server.close()
    for (const client of this.#clients) client.unref()
  }

  #welcome(client: Socket, ask: Ask): void {
    const uid = peerUid(client)
    if (uid !== 0 && uid !== process.geteuid?.()) {
      client.end(line({ ok: false, message: 'only root and the owner of the server may ask', fix: null }))
      return
    }
    this.#clients.add(client)
    client.on('close', () => this.#clients.delete(client))
    client.on('error', () => client.destroy())
    let rest = ''
    client.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > longestControlLine) client.destroy()
      for (const request of lines) void this.#serve(client, request, ask)
    })
  }

  async #serve(client: Socket, text: string, ask: Ask): Promise<void> {
    const request = readRequest(text)
    const answer =
      typeof request === 'string' ? { ok: false as const, message: request, fix: null } : await ask(request)
    if (client.writable) client.write(line(answer))
  }
}

function line(answer: ControlAnswer): string {
  return `${JSON.stringify(answer)}\n`
}
