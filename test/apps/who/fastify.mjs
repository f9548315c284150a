// Says who its client is, as Fastify sees it. Nothing in it knows of a proxy.
import Fastify from 'fastify'

const app = Fastify()
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
app.get('/who', (request, reply) => {
  reply.header('set-cookie', 'a=b; Secure')
  const { ip, protocol, hostname } = request
  return { ip, protocol, secure: protocol === 'https', hostname }
})
app.get('/redirect', (_request, reply) => reply.redirect('/who'))
app.post('/echo', (request, reply) => reply.send(request.body))
export default app
