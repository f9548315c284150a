// TypeScript, with the server exported by name.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { serve } from './node-routes.mjs'
import { addSockets } from './sockets.mjs'
import { start, stop } from './state.mjs'

type Listener = (request: IncomingMessage, response: ServerResponse) => void

const make = (listener: Listener): Server => addSockets(createServer(listener)) as Server

export const server: Server = make(serve as Listener)

export async function startup(): Promise<void> {
  await start()
}

export const shutdown = stop as () => Promise<void>
