import net from 'node:net'
import tls from 'node:tls'
import WebSocket from 'ws'
import { type Place, whereIs } from '../http-connection.ts'
import { pause } from '../pause.ts'
import { asking, type ClientKind, eachAlone, nobodyThere, repeat, type Work } from './client.ts'

/** 1000 is what it says itself at the end, 1001 what a server says that goes away (RFC 6455, 7.4.1). */
const [byUs, goingAway] = [1000, 1001]

/** A WebSocket that is used until the server says that it goes away, and is then opened anew. */
export const webSocket: ClientKind = (place, options = {}) =>
  repeat(
    'websocket',
    async (work) => {
      const socket = open(place)
      const end = await new Promise<End>((resolve) => {
        socket.once('error', resolve).once('close', (code) => resolve({ code }))
        socket.once('open', () => void chat(socket, work))
      })
      if (end.code === goingAway) work.tally.farewells += 1
      else if (isNobodyThere(end)) work.tally.refused += 1
      else if (end.code !== byUs) work.tally.lost.push(`a websocket ended with ${String(end.code)} and no word`)
    },
    options,
  )

type End = { readonly code?: number | string | undefined; readonly message?: string }

function isNobodyThere({ code, message }: End): boolean {
  return code === 'ECONNREFUSED' || code === 'ENOENT' || message === `Unexpected server response: ${nobodyThere}`
}

/** The `ws` package has no spelling for TLS on a unix socket, so it gets its connection from here. */
function open(place: Place): WebSocket {
  const options = { ...whereIs(place), rejectUnauthorized: false }
  const createConnection = (): net.Socket => (place.tls === true ? tls.connect(options) : net.connect(options))
  return new WebSocket(place.tls === true ? 'wss://localhost/' : 'ws://localhost/', { createConnection })
}

/** Says something now and then; each echo is an answer. */
async function chat(socket: WebSocket, { tally, newId, isStopped }: Work): Promise<void> {
  socket.on('message', (message) => tally.answered.add(String(message)))
  while (socket.readyState === WebSocket.OPEN && !isStopped()) {
    tally.sent += 1
    socket.send(newId())
    await pause(50)
  }
  socket.close(byUs)
}

/**
 * Listens to events until the server ends the stream, which it does only when the time of a leaving worker is up.
 * Each event must be the next one, and whole.
 */
export const eventStream: ClientKind = (place, options = {}) =>
  eachAlone('event stream', place, {
    ...options,
    exchange: async (connection, id, { tally, isStopped }) => {
      connection.write(asking(id, { path: '/events' }))
      while (!connection.isOver() && !isStopped()) await pause(20)
      if (connection.isOver()) tally.farewells += 1
      const told = connection.pending().toString('latin1')
      const events = [...told.matchAll(/data: (\d+)\n\n/g)].map(([, text]) => text)
      const missing = events.findIndex((text, at) => text !== String(at))
      if (events.length === 0 || missing >= 0) throw new Error(`${id} has no event ${Math.max(0, missing)}`)
      tally.answered.add(id)
    },
  })
