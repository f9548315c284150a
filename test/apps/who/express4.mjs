// Says who its client is, as Express 4 sees it. Nothing in it knows of a proxy.
import express from 'express4'

const app = express()
app.get('/who', (request, response) => {
  response.cookie('a', 'b', { secure: true })
  const { ip, protocol, secure, hostname } = request
  response.json({ ip, protocol, secure, hostname })
})
app.get('/redirect', (_request, response) => response.redirect('/who'))
app.post('/echo', (request, response) => request.pipe(response))
export default app
