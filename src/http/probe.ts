import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type ProbeView, probeRoutes } from '../contract/probe.ts'
import { echoWebSocket } from './probe-echo.ts'

export type Probe = {
  /** Answers a request for one of the server's own routes; false when it is none. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Takes over a connection that asks for the echo; false when it does not. */
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => boolean
  /** Whether upgrades are to be handed out for it, though the application may not want any. */
  readonly wantsUpgrades: boolean
}

export type ProbeOptions = { readonly path: string; readonly pid: number; readonly slot: number }

export type GuestProbeOptions = Pick<ProbeOptions, 'pid' | 'slot'> & {
  readonly prefix: string
  /** What has to follow the prefix at this moment; null while nobody is expected. */
  readonly token: () => string | null
}

type Route = (request: IncomingMessage, response: ServerResponse, who: ProbeOptions) => void

/** The pause between two events of the stream, in milliseconds. */
const beatMs = 1000

/** The server's own routes, for whoever checks the stack from outside. They stand where the application stands. */
export function createProbe(options: ProbeOptions): Probe {
  const { path } = options
  const routes = new Map<string, Route>([
    [path + probeRoutes.view, view],
    [path + probeRoutes.events, events],
    [path + probeRoutes.sink, sink],
    [path + probeRoutes.echo, upgradeRequired],
  ])
  const routeOf = (request: IncomingMessage): string => request.url?.split('?', 1)[0] ?? ''
  return {
    wantsUpgrades: true,
    answer: (request, response) => {
      if (request.url?.startsWith(path) !== true) return false
      const route = routes.get(routeOf(request))
      route?.(request, response, options)
      return route !== undefined
    },
    upgrade: (request, socket, head) => {
      if (routeOf(request) !== path + probeRoutes.echo) return false
      echoWebSocket(request, socket, head)
      return true
    },
  }
}

/**
 * The same for a guest who comes and goes: what does not begin with the prefix costs a comparison, and belongs to the
 * application like everything else while nobody is expected. An application that takes no upgrades gets none for it.
 */
export function createGuestProbe({ prefix, token, ...who }: GuestProbeOptions): Probe {
  const find = ({ url }: IncomingMessage): Probe | null => {
    const expected = url?.startsWith(prefix) === true ? token() : null
    return expected === null ? null : createProbe({ ...who, path: prefix + expected })
  }
  return {
    wantsUpgrades: false,
    answer: (request, response) => find(request)?.answer(request, response) ?? false,
    upgrade: (request, socket, head) => find(request)?.upgrade(request, socket, head) ?? false,
  }
}

function view(request: IncomingMessage, response: ServerResponse, { pid, slot }: ProbeOptions): void {
  const { socket, method = '', url = '', rawHeaders } = request
  const encrypted = 'encrypted' in socket && socket.encrypted === true
  const seen: ProbeView = { pid, slot, remoteAddress: socket.remoteAddress ?? null, encrypted, method, url, rawHeaders }
  answerJson(response, seen)
}

function events(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
  let count = 0
  const send = (): void => {
    count += 1
    response.write(`data: ${count}\n\n`)
  }
  send()
  const timer = setInterval(send, beatMs)
  response.once('close', () => clearInterval(timer))
}

function sink(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0
  // It is answered before the application's way of being told to go on is laid.
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  request.once('end', () => answerJson(response, { bytes }))
}

function upgradeRequired(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(426, { Upgrade: 'websocket', 'Content-Length': 0 })
  response.end()
}

function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
  response.end(JSON.stringify(value))
}
