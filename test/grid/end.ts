import assert from 'node:assert/strict'
import type { Server } from '../helpers/start-server.ts'
import { settled, until } from '../helpers/until.ts'
import type { Framework } from './frameworks.ts'
import { release } from './release.ts'
import type { Sites, WayName } from './run.ts'
import type { Opened, Site, Socket } from './site.ts'

export type Endings = Readonly<Record<'drain' | 'shutdown' | 'goodbye', (way: WayName) => Promise<void>>>

type Open = { readonly stream: Opened; readonly socket: Socket | null }

/** Stops a server while an answer is under way and a WebSocket is open on each way, and tells how each was ended. */
export async function end(server: Server, sites: Sites, framework: Framework): Promise<Endings> {
  const opened = await openAll(sites, framework)
  // Once the server is stopping, only connections that are open already are served.
  using agent = sites.unix.agent()
  if (sites.unix.gate === null) await sites.unix.request('/health', { agent })
  server.signal('SIGTERM')
  await server.expectLog(/stopping gracefully/)
  const kept: Site = { ...sites.unix, request: (path, given) => sites.unix.request(path, { ...given, agent }) }
  await release(kept, opened.size)
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

/**
 * Where a worker has one request at a time, that of nginx comes first: whether the others wait at the socket is seen from
 * here.
 */
async function openAll(sites: Sites, framework: Framework): Promise<ReadonlyMap<WayName, Open>> {
  const ways = [['nginx', sites.nginx] as const, ['tcp', sites.tcp] as const, ['unix', sites.unix] as const]
  const opened = new Map<WayName, Open>()
  const sockets = new Map<WayName, Socket>()
  for (const [name, site] of ways) {
    if (site === undefined || framework.without.goodbye !== undefined) continue
    const socket = site.socket('/ws/echo')
    await socket.opened()
    sockets.set(name, socket)
  }
  for (const [name, site] of ways) {
    if (site === undefined) continue
    const stream = site.open('/stream')
    stream.outgoing.end()
    if (site.gate === null || opened.size === 0) await stream.receive('first\n')
    else await stream.connected()
    opened.set(name, { stream, socket: sockets.get(name) ?? null })
  }
  return opened
}
