// The routes of the grid as node:http has them: for applications without a framework.
import { pipeline, Readable } from 'node:stream'
import { gate, large, left, life, measure } from './state.mjs'

const text = (response, body, status = 200, headers = {}) =>
  response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body)
const json = (response, value, headers = {}) =>
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))

const leaves = (response, route) => {
  response.on('close', () => {
    if (!response.writableFinished) left[route] += 1
  })
}

const echo = (request, response) => {
  const { 'content-type': type = 'text/plain' } = request.headers
  request.pipe(response.writeHead(200, { 'content-type': type, 'x-method': request.method }))
}

const routes = {
  'GET /health': (_request, response) => text(response, 'ok'),
  'POST /echo': echo,
  'PUT /echo': echo,
  'GET /query': (request, response) => {
    const { searchParams } = new URL(request.url, 'http://localhost')
    json(response, { name: searchParams.get('name'), list: searchParams.getAll('list') })
  },
  'GET /headers': (request, response) =>
    json(response, request.headers, { 'x-answer': 'given', 'set-cookie': ['a=1; Path=/', 'b=2; Path=/; HttpOnly'] }),
  'GET /status': (request, response) => {
    const code = Number(request.url.split('/')[2])
    text(response, `status ${code}`, code, code === 301 ? { location: '/health' } : {})
  },
  'GET /stream': async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'x-accel-buffering': 'no' }).write('first\n')
    await gate.wait()
    response.end('last\n')
  },
  'GET /events': (_request, response) => {
    leaves(response, 'events')
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write('id: 1\ndata: hello\n\n')
  },
  'GET /large': (_request, response) => pipeline(Readable.from(large()), response, () => {}),
  'POST /large': async (request, response) => json(response, await measure(request)),
  'GET /hold': async (_request, response) => {
    await gate.wait()
    text(response, 'released')
  },
  'POST /release': (_request, response) => json(response, gate.open()),
  'GET /hang': (_request, response) => leaves(response, 'hang'),
  'GET /left': (_request, response) => json(response, left),
  'GET /fail': () => Promise.reject(new Error('failed as told')),
  'GET /started': (_request, response) => json(response, life),
}

/** A request listener. */
export function serve(request, response) {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = routes[`${method} /${request.url.split(/[/?]/)[1]}`]
  if (route === undefined) return text(response, 'not found', 404)
  Promise.resolve(route(request, response)).catch(() => text(response, 'Internal Server Error', 500))
}
