// The application of SERVE_APP as one starts it without any server of applications; SERVE_PLACE is a path or a port.
import { createServer } from 'node:http'
import { pathToFileURL } from 'node:url'

const { SERVE_APP: path = '', SERVE_PLACE: place = '' } = process.env
const { default: app } = await import(pathToFileURL(path))
const where = place.startsWith('/') ? { path: place } : { port: Number(place), host: '127.0.0.1' }
if (typeof app === 'function') {
  // As behind tsicorn: longer than nginx keeps its connections.
  createServer({ keepAliveTimeout: 75_000 }, app).listen({ ...where, backlog: 2048 }, tell)
} else {
  app.server.keepAliveTimeout = 75_000
  await app.listen({ ...where, backlog: 2048 })
  tell()
}

function tell() {
  process.stdout.write('listening\n')
}
