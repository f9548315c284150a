// Says who its client is, as Hono sees it. Nothing in it knows of a proxy.
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'

const app = new Hono()
app.get('/who', (context) => {
  setCookie(context, 'a', 'b', { secure: true })
  const { protocol, hostname } = new URL(context.req.url)
  const ip = context.env.incoming.socket.remoteAddress
  return context.json({ ip, protocol: protocol.slice(0, -1), secure: protocol === 'https:', hostname })
})
app.get('/redirect', (context) => context.redirect('/who'))
app.post('/echo', (context) => new Response(context.req.raw.body))
export default app
