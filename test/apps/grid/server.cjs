// An http.Server, in CommonJS; it connects in an async function, as CommonJS must.
const { createServer } = require('node:http')

module.exports = (async () => {
  const [{ serve }, { addSockets }, { start, stop }] = await Promise.all([
    import('./node-routes.mjs'),
    import('./sockets.mjs'),
    import('./state.mjs'),
  ])
  await start()
  process.once('SIGTERM', stop)
  return addSockets(createServer(serve))
})()
