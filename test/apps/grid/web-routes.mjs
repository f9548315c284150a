// The routes of the grid for frameworks whose handlers take a Request and return a Response.
import { gate, large, left, life, measure } from './state.mjs'

const text = (body, init) =>
  new Response(body, { ...init, headers: { 'content-type': 'text/plain', ...init?.headers } })
const leaves = (request, route) =>
  request.signal.addEventListener('abort', () => {
    left[route] += 1
  })
const bytes = (words) => new TextEncoder().encode(words)

async function* firstAndLast() {
  yield bytes('first\n')
  await gate.wait()
  yield bytes('last\n')
}

function headers(request) {
  const answer = Response.json(Object.fromEntries(request.headers), { headers: { 'x-answer': 'given' } })
  answer.headers.append('set-cookie', 'a=1; Path=/')
  answer.headers.append('set-cookie', 'b=2; Path=/; HttpOnly')
  return answer
}

function events(request) {
  leaves(request, 'events')
  const body = new ReadableStream({ start: (stream) => stream.enqueue(bytes('id: 1\ndata: hello\n\n')) })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' } })
}

function status(request) {
  const code = Number(new URL(request.url).pathname.split('/')[2])
  const location = code === 301 ? { location: '/health' } : {}
  return text(code === 204 || code === 304 ? null : `status ${code}`, { status: code, headers: location })
}

function query(request) {
  const { searchParams } = new URL(request.url)
  return Response.json({ name: searchParams.get('name'), list: searchParams.getAll('list') })
}

const echo = (request) =>
  new Response(request.body, {
    headers: { 'content-type': request.headers.get('content-type') ?? 'text/plain', 'x-method': request.method },
  })

const routes = {
  'GET /health': () => text('ok'),
  'POST /echo': echo,
  'PUT /echo': echo,
  'GET /query': query,
  'GET /headers': headers,
  'GET /status': status,
  'GET /stream': () => text(ReadableStream.from(firstAndLast()), { headers: { 'x-accel-buffering': 'no' } }),
  'GET /events': events,
  'GET /large': () => new Response(ReadableStream.from(large())),
  'POST /large': async (request) => Response.json(await measure(request.body)),
  'GET /hold': () => gate.wait().then(() => text('released')),
  'POST /release': () => Response.json(gate.open()),
  'GET /hang': (request) => {
    leaves(request, 'hang')
    return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))
  },
  'GET /left': () => Response.json(left),
  'GET /fail': () => {
    throw new Error('failed as told')
  },
  'GET /started': () => Response.json(life),
}

export function answer(request) {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const route = routes[`${method} /${new URL(request.url).pathname.split('/')[1]}`]
  return route === undefined ? text('not found', { status: 404 }) : route(request)
}
