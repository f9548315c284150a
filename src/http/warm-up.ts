import { once } from 'node:events'
import { createServer } from 'node:http'
import { createClock } from './clock.ts'
import { Doorkeeper } from './doorkeeper.ts'
import { duplexPair } from './duplex-pair.ts'
import { interceptEvents } from './intercept.ts'
import { type LimitSettings, limitsOf } from './limits.ts'
import type { Probe } from './probe.ts'
import { createRefusalLog } from './refusal-log.ts'
import { trustIn } from './trust.ts'

export type WarmUpSettings = LimitSettings & { readonly forwardedAllowIps: readonly string[] }

/** As a proxy sends it, and as a client does that has none before it: each goes a part of the way that the other does not. */
const requests = [
  ['X-Forwarded-For: 127.0.0.1', 'X-Forwarded-Proto: https', 'X-Request-ID: 0123456789abcdef0123456789abcdef'],
  ['Connection: close'],
]
const text = requests.map((fields) => ['GET / HTTP/1.1', 'Host: localhost', ...fields, '\r\n'].join('\r\n')).join('')

/** An answer that no listener of the server is asked for: what watches requests in the process counts none. */
const probe: Probe = {
  answer: (_request, response) => {
    response.setHeader('Content-Type', 'text/plain')
    response.end('\n')
    return true
  },
  upgrade: () => false,
  wantsUpgrades: false,
}

/**
 * Answers requests that nobody sent, behind a door and on a server of its own, over a connection in memory. The first
 * request of a process takes some milliseconds more than the next, most of which V8 spends on compiling node:http and the
 * front door: after this no client waits for that.
 */
export async function warmUp(settings: WarmUpSettings): Promise<void> {
  const server = createServer()
  const clock = createClock(() => false)
  const refusalLog = createRefusalLog({ write: () => {}, clock, later: () => {} })
  const [trust, limits] = [trustIn(settings.forwardedAllowIps), limitsOf(settings)]
  interceptEvents(server, new Doorkeeper({ trust, probe, clock, limits, refusalLog, witness: null }), null)
  const [client, inside] = duplexPair()
  server.emit('connection', inside)
  client.write(text)
  await once(client.resume(), 'end')
  inside.destroy()
}
