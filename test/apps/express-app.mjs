import express from 'express'

const app = express()
app.set('trust proxy', 'loopback')
app.get('/who', (request, response) => {
  response.json({ ip: request.ip, protocol: request.protocol, secure: request.secure })
})
app.post('/body', express.json(), (request, response) => response.json(request.body))

export default app
