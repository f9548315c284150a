// A function that connects first and then makes the application.
import { createServer } from 'node:http'
import { serve } from './node-routes.mjs'
import { addSockets } from './sockets.mjs'
import { start, stop } from './state.mjs'

export default async function createApplication() {
  await start()
  return addSockets(createServer(serve))
}

export const shutdown = stop
