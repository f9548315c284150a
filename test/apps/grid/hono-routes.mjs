// The routes of the grid as Hono has them.
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { stream, streamSSE } from 'hono/streaming'
import { gate, large, left, life, measure } from './state.mjs'

const leaves = (context, route) =>
  context.req.raw.signal.addEventListener('abort', () => {
    left[route] += 1
  })

export function makeRoutes() {
  const app = new Hono()
  addAnswers(app)
  addStreams(app)
  app.onError((_error, context) => context.text('failed', 500))
  return app
}

function addAnswers(app) {
  app.get('/health', (context) => context.text('ok'))
  app.on(['POST', 'PUT'], '/echo', (context) =>
    context.body(context.req.raw.body, 200, {
      'content-type': context.req.header('content-type') ?? 'text/plain',
      'x-method': context.req.method,
    }),
  )
  app.get('/query', ({ req, json }) => json({ name: req.query('name'), list: req.queries('list') }))
  app.get('/headers', (context) => {
    setCookie(context, 'a', '1')
    setCookie(context, 'b', '2', { httpOnly: true })
    context.header('x-answer', 'given')
    return context.json(context.req.header())
  })
  app.get('/status/:code', (context) => {
    const code = Number(context.req.param('code'))
    if (code === 301) return context.redirect('/health', 301)
    return code === 204 || code === 304 ? context.body(null, code) : context.text(`status ${code}`, code)
  })
}

function addStreams(app) {
  app.get('/stream', (context) => {
    context.header('content-type', 'text/plain')
    context.header('x-accel-buffering', 'no')
    return stream(context, async (out) => {
      await out.write('first\n')
      await gate.wait()
      await out.write('last\n')
    })
  })
  app.get('/events', (context) =>
    streamSSE(context, async (out) => {
      out.onAbort(() => {
        left.events += 1
      })
      await out.writeSSE({ id: '1', data: 'hello' })
      await new Promise((resolve) => out.onAbort(resolve))
    }),
  )
  app.get('/large', (context) =>
    stream(context, async (out) => {
      for (const piece of large()) await out.write(piece)
    }),
  )
  app.post('/large', async (context) => context.json(await measure(context.req.raw.body)))
  app.get('/hold', async (context) => {
    await gate.wait()
    return context.text('released')
  })
  app.post('/release', (context) => context.text(String(gate.open())))
  app.get('/hang', async (context) => {
    leaves(context, 'hang')
    await new Promise((resolve) => context.req.raw.signal.addEventListener('abort', resolve))
    return context.text('nobody is there')
  })
  app.get('/left', (context) => context.json(left))
  app.get('/fail', () => {
    throw new Error('failed as told')
  })
  app.get('/started', (context) => context.json(life))
}
