// The routes of the grid for Express 4 and 5, which differ only in how they are made.
import { pipeline, Readable } from 'node:stream'
import { gate, large, left, life, measure } from './state.mjs'

const leaves = (response, route) => {
  response.on('close', () => {
    if (!response.writableFinished) left[route] += 1
  })
}

export function addRoutes(app, express) {
  app.get('/health', (_request, response) => response.type('text/plain').send('ok'))
  for (const method of ['post', 'put']) {
    app[method]('/echo', express.raw({ type: () => true, limit: '1mb' }), (request, response) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      response
        .set('content-type', request.get('content-type') ?? 'text/plain')
        .set('x-method', request.method)
        .end(body)
    })
  }
  app.get('/query', ({ query: { name, list } }, response) => response.json({ name, list }))
  app.get('/headers', (request, response) => {
    response.cookie('a', '1').cookie('b', '2', { httpOnly: true }).set('x-answer', 'given').json(request.headers)
  })
  app.get('/status/:code', (request, response) => {
    const code = Number(request.params.code)
    if (code === 301) return response.redirect(301, '/health')
    response.status(code).type('text/plain').send(`status ${code}`)
  })
  app.get('/stream', async (_request, response) => {
    response.set({ 'content-type': 'text/plain', 'x-accel-buffering': 'no' }).write('first\n')
    await gate.wait()
    response.end('last\n')
  })
  app.get('/events', (_request, response) => {
    leaves(response, 'events')
    response.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }).write('id: 1\ndata: hello\n\n')
  })
  app.get('/large', (_request, response) => pipeline(Readable.from(large()), response, () => {}))
  app.post('/large', async (request, response) => response.json(await measure(request)))
  app.get('/hold', async (_request, response) => {
    await gate.wait()
    response.send('released')
  })
  app.post('/release', (_request, response) => response.json(gate.open()))
  app.get('/hang', (_request, response) => leaves(response, 'hang'))
  app.get('/left', (_request, response) => response.json(left))
  app.get('/fail', () => {
    throw new Error('failed as told')
  })
  app.get('/started', (_request, response) => response.json(life))
  app.use((_error, _request, response, _next) => response.status(500).send('failed'))
  return app
}
