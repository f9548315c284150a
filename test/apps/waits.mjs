// /never does not answer; /late/MS answers so long after it was given up, in every way there is; /half begins and says no more;
// /drip/COUNT/MS sends so many parts, one every so often; /hold/MS reads the body after so long; else counts the body.
import { once } from 'node:events'

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
let aborted = 0

const routes = {
  never: () => pause(60_000),
  half: (response) => void response.write('begin'),
  aborted: (response) => void response.end(String(aborted)),
  async late(response, ms) {
    await once(response, 'close')
    if (!response.writableFinished) aborted += 1
    await pause(ms)
    response.setHeader('X-Late', 'yes')
    response.writeHead(200, { 'Content-Type': 'text/plain' })
    response.write('late')
    response.end('r')
  },
  async drip(response, count, ms) {
    for (let part = 0; part < count; part += 1) {
      response.write('.')
      await pause(ms)
    }
    response.end()
  },
}

export default async function wait(request, response) {
  const [, name, ...numbers] = request.url.split('?')[0].split('/')
  const route = routes[name]
  if (route !== undefined) return route(response, ...numbers.map(Number))
  if (name === 'hold') await pause(Number(numbers[0]))
  let bytes = 0
  for await (const chunk of request) bytes += chunk.length
  response.end(`${bytes} bytes`)
}

/** Tells how often the signal of a request fired. */
export const fetching = {
  async fetch(request) {
    if (new URL(request.url).pathname === '/aborted') return new Response(String(aborted))
    await new Promise((_resolve, reject) => {
      request.signal.addEventListener('abort', () => {
        aborted += 1
        reject(request.signal.reason)
      })
    })
  },
}
