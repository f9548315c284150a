// Starts and stops as STARTUP and SHUTDOWN say (ok, throws, hangs, waits), and tells each step on stdout.
const { STARTUP = 'ok', SHUTDOWN = 'ok' } = process.env
let started = false
let requests = 0

async function act(how, what) {
  console.log(`${what} begins after ${requests} requests`)
  if (how === 'throws') throw new Error(`${what} cannot be done`)
  if (how === 'waits') await new Promise(() => setInterval(() => {}, 1000))
  if (how === 'hangs') await new Promise(() => {})
  await new Promise((resolve) => setTimeout(resolve, 20))
  console.log(`${what} is done`)
}

export async function startup() {
  await act(STARTUP, 'startup')
  started = true
}

export const shutdown = () => act(SHUTDOWN, 'shutdown')

process.on('SIGTERM', () => console.log('a listener heard TERM'))

export default function serve(_request, response) {
  requests += 1
  response.end(`started: ${started}`)
}
