import { plugin as sockets } from 'crossws/server/node'
import { createEventStream, defineWebSocketHandler, H3, iterable, noContent, redirect, serve, setCookie } from 'h3'
import { gate, large, left, life, measure, start, stop } from './state.mjs'

const app = new H3({ silent: true })
const leaves = (event, route) =>
  event.req.signal.addEventListener('abort', () => {
    left[route] += 1
  })

async function* firstAndLast() {
  yield 'first\n'
  await gate.wait()
  yield 'last\n'
}

app.get('/health', (event) => {
  event.res.headers.set('content-type', 'text/plain')
  return 'ok'
})
for (const method of ['POST', 'PUT']) {
  app.on(method, '/echo', (event) => {
    event.res.headers.set('content-type', event.req.headers.get('content-type') ?? 'text/plain')
    event.res.headers.set('x-method', event.req.method)
    return event.req.body
  })
}
app.get('/query', ({ url: { searchParams } }) => ({
  name: searchParams.get('name'),
  list: searchParams.getAll('list'),
}))
app.get('/headers', (event) => {
  setCookie(event, 'a', '1')
  setCookie(event, 'b', '2', { httpOnly: true })
  event.res.headers.set('x-answer', 'given')
  return Object.fromEntries(event.req.headers)
})
app.get('/status/:code', (event) => {
  const code = Number(event.context.params.code)
  if (code === 301) return redirect('/health', 301)
  if (code === 204 || code === 304) return noContent(code)
  event.res.status = code
  return `status ${code}`
})
app.get('/stream', (event) => {
  event.res.headers.set('content-type', 'text/plain')
  event.res.headers.set('x-accel-buffering', 'no')
  return iterable(firstAndLast())
})
app.get('/events', async (event) => {
  const stream = createEventStream(event)
  stream.onClosed(() => {
    left.events += 1
  })
  stream.push({ id: '1', data: 'hello' })
  return stream.send()
})
app.get('/large', () => iterable(large()))
app.post('/large', (event) => measure(event.req.body))
app.get('/hold', () => gate.wait().then(() => 'released'))
app.post('/release', () => String(gate.open()))
app.get('/hang', (event) => {
  leaves(event, 'hang')
  return new Promise((resolve) => event.req.signal.addEventListener('abort', () => resolve('nobody is there')))
})
app.get('/left', () => left)
app.get('/fail', () => {
  throw new Error('failed as told')
})
app.get('/started', () => life)

app.get('/ws/echo', defineWebSocketHandler({ message: (peer, { rawData }) => peer.send(rawData) }))
app.get(
  '/ws/push',
  defineWebSocketHandler({
    open: (peer) => {
      for (const word of ['1', '2', '3']) peer.send(word)
    },
  }),
)
app.get('/ws/close', defineWebSocketHandler({ message: (peer) => peer.close(4001, 'as told') }))

await start()
const resolve = async (request) => (await app.fetch(request)).crossws
const server = serve(app, { port: 3000, silent: true, plugins: [sockets({ resolve })] })
process.on('SIGTERM', () => server.close().then(stop))
