import { request, type Server } from 'node:http'
import { duplexPair } from './duplex-pair.ts'
import { arrivalOf } from './intercept.ts'

/**
 * Asks a path of a server from inside the process, over a connection in memory: nothing listens, nobody else is served.
 * Resolves with the status of the answer; rejects when the connection ends without one.
 */
export function askInside(server: Server, path: string): Promise<number> {
  const [client, inside] = duplexPair()
  server.emit(arrivalOf(server), inside)
  return new Promise((resolve, reject) => {
    const asked = request({
      path,
      createConnection: () => client,
      // An application that redirects plain HTTP to HTTPS would otherwise say no more than that.
      headers: { host: 'localhost', connection: 'close', 'x-forwarded-proto': 'https', 'user-agent': 'tsicorn-health' },
    })
    asked.once('error', reject)
    asked.once('response', (response) => {
      response.resume()
      response.once('error', reject)
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    asked.end()
  })
}
