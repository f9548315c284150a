import express from 'express'
import { burn, page } from './pages.mjs'

const app = express()
app.get('/', (_request, response) => response.send('Hello, world!\n'))
app.get('/page', (_request, response) => response.json(page()))
app.post('/', (request, response) => {
  let bytes = 0
  request.on('data', (chunk) => {
    bytes += chunk.length
  })
  request.on('end', () => response.send(`${bytes}\n`))
})
app.get('/heavy', (_request, response) => {
  burn()
  response.send('done\n')
})

export default app
