import assert from 'node:assert/strict'
import type { Server } from '../helpers/start-server.ts'
import { settled, until } from '../helpers/until.ts'
import { release } from './contract/streams.ts'
import type { Framework } from './frameworks.ts'
import type { Sites, WayName } from './run.ts'
import type { Opened, Site, Socket } from './site.ts'

export type Endings = Readonly<Record<'drain' | 'shutdown' | 'goodbye', (way: WayName) => Promise<void>>>

/** Stops a server while an answer is under way and a WebSocket is open on each way, and tells how each was ended. */
export async function end(server: Server, sites: Sites, framework: Framework): Promise<Endings> {
  const names = Object.keys(sites) as WayName[]
  const opened = new Map<WayName, { readonly stream: Opened; readonly socket: Socket | null }>()
  for (const name of names) {
    const site = sites[name]
    if (site === undefined) continue
    const stream = site.open('/stream')
    stream.outgoing.end()
    await stream.receive('first\n')
    const socket = framework.without.goodbye === undefined ? site.socket('/ws/echo') : null
    await socket?.opened()
    opened.set(name, { stream, socket })
  }
  // Once the server is stopping, only connections that are open already are served.
  using agent = sites.unix.agent()
  await sites.unix.request('/health', { agent })
  server.signal('SIGTERM')
  await server.expectLog(/stopping gracefully/)
  const kept: Site = { ...sites.unix, request: (path, given) => sites.unix.request(path, { ...given, agent }) }
  await release(kept, names.length)
  const find = (way: WayName) => opened.get(way) ?? assert.fail(`${way} is not served`)
  return {
    drain: async (way) => {
      await find(way).stream.ended()
      assert.equal(find(way).stream.body(), 'first\nlast\n')
    },
    goodbye: async (way) => assert.equal(await find(way).socket?.closed(), 1001),
    shutdown: async () => {
      assert.deepEqual(await settled(server.ended, { within: 20_000 }), { code: 0, signal: null })
      const told = () => server.log.filter((line) => line.includes('the application has shut down'))
      await until(() => told().length > 0, { what: 'the application to be shut down' })
      assert.deepEqual(told(), ['the application has shut down 1 time'])
    },
  }
}
