// A fetch handler: /echo sends the body back, /events streams for ever, /cookies sets two, /throw throws, /aborted tells how often a client went away.
let aborted = 0

const routes = {
  '/echo': (request) => new Response(request.body, { headers: { 'x-method': request.method } }),
  '/cookies': () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
    ])
    return new Response('two cookies', { status: 201, headers })
  },
  '/events': (request) => {
    request.signal.addEventListener('abort', () => {
      aborted += 1
    })
    return new Response(new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('first\n')) }))
  },
  '/throw': () => {
    throw new Error('thrown as told')
  },
  '/aborted': () => new Response(String(aborted)),
  '/url': (request) => new Response(request.url),
  '/nothing': () => undefined,
}

export default {
  fetch(request) {
    const route = routes[new URL(request.url).pathname]
    return route === undefined ? new Response('not found', { status: 404 }) : route(request)
  },
}
