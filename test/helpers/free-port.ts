import { createServer } from 'node:net'

const given = new Set<number>()

/** A TCP port of 127.0.0.1 that nobody listens on at the moment, another one each time. */
export async function freePort(): Promise<number> {
  let port = await anyPort()
  while (given.has(port)) port = await anyPort()
  given.add(port)
  return port
}

function anyPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
