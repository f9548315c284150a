// A Fastify application with hooks of its own for its begin and its end.
import fastify from 'fastify'

const app = fastify()
let ready = false
app.addHook('onReady', async () => {
  ready = true
})
app.addHook('onClose', async () => console.log('onClose was called'))
app.get('/', () => `ready: ${ready}`)

export default app
