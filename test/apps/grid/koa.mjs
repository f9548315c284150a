import { createServer } from 'node:http'
import { PassThrough, Readable } from 'node:stream'
import Koa from 'koa'
import { addSockets } from './sockets.mjs'
import { gate, large, left, life, measure } from './state.mjs'

export { start as startup, stop as shutdown } from './state.mjs'

const leaves = (context, route) => {
  context.res.on('close', () => {
    if (!context.res.writableFinished) left[route] += 1
  })
}

const echo = (context) => {
  context.set('x-method', context.method)
  context.type = context.get('content-type') || 'text/plain'
  context.body = context.req
}

const routes = {
  'GET /health': (context) => {
    context.body = 'ok'
  },
  'POST /echo': echo,
  'PUT /echo': echo,
  'GET /query': (context) => {
    const { name, list } = context.query
    context.body = { name, list }
  },
  'GET /headers': (context) => {
    context.cookies.set('a', '1', { httpOnly: false })
    context.cookies.set('b', '2')
    context.set('x-answer', 'given')
    context.body = context.headers
  },
  'GET /status': (context) => {
    const code = Number(context.path.split('/')[2])
    if (code === 301) context.redirect('/health')
    context.status = code
    if (code !== 204 && code !== 304) context.body = `status ${code}`
  },
  'GET /stream': (context) => {
    const stream = new PassThrough()
    context.type = 'text/plain'
    context.set('x-accel-buffering', 'no')
    context.body = stream
    stream.write('first\n')
    gate.wait().then(() => stream.end('last\n'))
  },
  'GET /events': (context) => {
    leaves(context, 'events')
    const stream = new PassThrough()
    context.type = 'text/event-stream'
    context.body = stream
    stream.write('id: 1\ndata: hello\n\n')
  },
  'GET /large': (context) => {
    context.body = Readable.from(large())
  },
  'POST /large': async (context) => {
    context.body = await measure(context.req)
  },
  'GET /hold': async (context) => {
    await gate.wait()
    context.body = 'released'
  },
  'POST /release': (context) => {
    context.body = JSON.stringify(gate.open())
  },
  'GET /hang': (context) => {
    leaves(context, 'hang')
    return new Promise(() => {})
  },
  'GET /left': (context) => {
    context.body = left
  },
  'GET /fail': () => {
    throw new Error('failed as told')
  },
  'GET /started': (context) => {
    context.body = life
  },
}

const app = new Koa()
app.silent = true
app.use(async (context) => {
  const method = context.method === 'HEAD' ? 'GET' : context.method
  await routes[`${method} /${context.path.split('/')[1]}`]?.(context)
})

export const server = addSockets(createServer(app.callback()))
