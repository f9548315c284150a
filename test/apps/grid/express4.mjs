// Express 4, listening by itself.
import express from 'express4'
import { addRoutes } from './express-routes.mjs'
import { addSockets } from './sockets.mjs'
import { start, stop } from './state.mjs'

await start()
const server = addRoutes(express(), express).listen(3000)
addSockets(server)
process.on('SIGTERM', () => server.close(stop))
