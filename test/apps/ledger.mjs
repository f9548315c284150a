// Does what the path says, and writes the X-Id of each request it carries out into a file of $LEDGER named by its pid:
// /sleep/MS, /block/MS (keeps the event loop busy), /download/COUNT (lines, one every 10 ms), /events (an event stream without end), /early (answers 413 before
// the body is read); anything else tells the id and the number of bytes. WebSockets get an echo.
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { WebSocketServer } from 'ws'

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
export const line = (number) => `${String(number).padStart(8, '0')}${'.'.repeat(4000)}\n`

async function stream(response, count, text) {
  for (let number = 0; number < count && !response.destroyed; number += 1) {
    response.write(text(number))
    await pause(10)
  }
  response.end()
}

const routes = {
  download: (_request, response, count) => stream(response, count, line),
  events: (_request, response) => {
    response.setHeader('content-type', 'text/event-stream')
    return stream(response, Number.POSITIVE_INFINITY, (number) => `data: ${number}\n\n`)
  },
  early: (_request, response) => response.writeHead(413).end('too large'),
}

async function tell(request, response, order, number) {
  let bytes = 0
  for await (const chunk of request) bytes += chunk.length
  if (order === 'sleep') await pause(number)
  for (const end = performance.now() + number; order === 'block' && performance.now() < end; );
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ id: request.headers['x-id'], bytes, pid: process.pid }))
}

export const server = createServer(async (request, response) => {
  const [, order, number] = request.url.split('/')
  const id = request.headers['x-id']
  if (id !== undefined) appendFileSync(join(process.env.LEDGER, String(process.pid)), `${id}\n`)
  const route = routes[order]
  if (route !== undefined) return route(request, response, Number(number))
  // A client that goes away while it uploads is no error of ours.
  await tell(request, response, order, Number(number)).catch(() => response.destroy())
})

new WebSocketServer({ server }).on('connection', (socket) => {
  socket.on('message', (message) => socket.send(String(message)))
})
