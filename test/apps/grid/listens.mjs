// Forks its own workers and listens on a port of its choice, like most applications that were written for plain node.
import cluster from 'node:cluster'
import { createServer } from 'node:http'
import { availableParallelism } from 'node:os'
import { serve } from './node-routes.mjs'
import { addSockets } from './sockets.mjs'
import { start, stop } from './state.mjs'

if (cluster.isPrimary) {
  for (let at = 0; at < availableParallelism(); at += 1) cluster.fork()
} else {
  await start()
  const server = addSockets(createServer(serve))
  server.listen(process.env.PORT ?? 3000, '0.0.0.0', () => console.log('listening'))
  process.on('SIGTERM', () => server.close(() => stop().then(() => process.exit())))
}
