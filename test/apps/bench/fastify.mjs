import fastify from 'fastify'
import { page } from './pages.mjs'

const app = fastify()
app.get('/', async () => 'Hello, world!\n')
app.get('/page', async () => page())

export default app
