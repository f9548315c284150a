// Says who its client is, as Koa sees it. Nothing in it knows of a proxy.
import Koa from 'koa'

const app = new Koa()
app.use((context) => {
  if (context.path === '/redirect') return context.redirect('/who')
  if (context.path === '/echo') {
    context.body = context.req
    return
  }
  // Koa refuses to set this on a connection that it takes for a plain one.
  context.cookies.set('a', 'b', { secure: true })
  const { ip, protocol, secure, hostname } = context
  context.body = { ip, protocol, secure, hostname }
})
export default app
