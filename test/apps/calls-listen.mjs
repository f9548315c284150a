// Makes its own server and listens on a port of its own choice, like most applications; tells what it was told.
import { createServer } from 'node:http'

const told = []
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(
    JSON.stringify({ told, address: server.address(), listening: server.listening, argv: process.argv.slice(1) }),
  )
})
server.on('listening', () => told.push('event'))
server.listen(3000, '0.0.0.0', () => told.push('callback'))
