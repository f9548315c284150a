import { Readable } from 'node:stream'
import Fastify from 'fastify'
import { addSockets } from './sockets.mjs'
import { gate, large, left, life, measure, start, stop } from './state.mjs'

const app = Fastify({ bodyLimit: 16 * 1024 * 1024 })
const leaves = (reply, route) => {
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) left[route] += 1
  })
}

app.addHook('onReady', start)
app.addHook('onClose', stop)
// Bodies are streams, whatever their type.
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, body, done) => done(null, body))

app.get('/health', (_request, reply) => reply.type('text/plain').send('ok'))
app.route({
  method: ['POST', 'PUT'],
  url: '/echo',
  handler: (request, reply) =>
    reply
      .header('x-method', request.method)
      .type(request.headers['content-type'] ?? 'text/plain')
      .send(request.body ?? ''),
})
app.get('/query', ({ query: { name, list } }) => ({ name, list }))
app.get('/headers', (request, reply) => {
  reply.header('set-cookie', 'a=1; Path=/').header('set-cookie', 'b=2; Path=/; HttpOnly').header('x-answer', 'given')
  return reply.send(request.headers)
})
app.get('/status/:code', (request, reply) => {
  const code = Number(request.params.code)
  if (code === 301) return reply.redirect('/health', 301)
  return reply
    .code(code)
    .type('text/plain')
    .send(code === 204 || code === 304 ? undefined : `status ${code}`)
})
app.get('/stream', (_request, reply) => {
  async function* firstAndLast() {
    yield 'first\n'
    await gate.wait()
    yield 'last\n'
  }
  return reply
    .type('text/plain')
    .header('x-accel-buffering', 'no')
    .send(Readable.from(firstAndLast(), { objectMode: false }))
})
app.get('/events', (_request, reply) => {
  leaves(reply, 'events')
  const stream = new Readable({ read() {} })
  stream.push('id: 1\ndata: hello\n\n')
  return reply.type('text/event-stream').send(stream)
})
app.get('/large', (_request, reply) => reply.type('application/octet-stream').send(Readable.from(large())))
app.post('/large', (request) => measure(request.body))
app.get('/hold', async () => {
  await gate.wait()
  return 'released'
})
app.post('/release', async () => JSON.stringify(gate.open()))
app.get('/hang', (_request, reply) => {
  leaves(reply, 'hang')
  return new Promise(() => {})
})
app.get('/left', async () => left)
app.get('/fail', async () => {
  throw new Error('failed as told')
})
app.get('/started', async () => life)

addSockets(app.server)

export default app
