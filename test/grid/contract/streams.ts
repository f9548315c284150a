import assert from 'node:assert/strict'
import { until } from '../../helpers/until.ts'
import type { Line } from '../contract.ts'
import { release } from '../release.ts'
import type { Site } from '../site.ts'

/** Answers that take their time, and clients that do not wait for them. */
export const streams = [
  {
    id: 'stream',
    asks: 'the begin of an answer arrives before its end is made',
    check: async (site) => {
      using opened = site.open('/stream')
      opened.outgoing.end()
      await opened.receive('first\n')
      await release(site, 1)
      await opened.ended()
      assert.equal(opened.body(), 'first\nlast\n')
    },
  },
  {
    id: 'delay',
    asks: 'a request that waits keeps no other from being answered',
    check: async (site) => {
      const waiting = site.request('/hold')
      assert.equal((await site.request('/health')).body, 'ok')
      await release(site, 1)
      assert.equal((await waiting).body, 'released')
    },
  },
  {
    id: 'sse',
    asks: 'an event arrives while the stream stays open, and its end is noticed',
    check: async (site) => {
      const before = (await left(site)).events
      using opened = site.open('/events', { headers: { accept: 'text/event-stream' } })
      opened.outgoing.end()
      await opened.receive('data: hello\n')
      assert.match((await opened.head()).headers['content-type'] ?? '', /^text\/event-stream/)
      opened[Symbol.dispose]()
      await until(async () => (await left(site)).events === before + 1, { what: 'the application to notice' })
    },
  },
  {
    id: 'abort',
    asks: 'a client that goes away before it is answered is noticed',
    check: async (site) => {
      const before = (await left(site)).hang
      // Whether the request has arrived cannot be seen from outside; after two others have been answered, it nearly always has.
      const leave = async (): Promise<boolean> => {
        const opened = site.open('/hang')
        opened.outgoing.end()
        await left(site)
        await left(site)
        opened[Symbol.dispose]()
        return (await left(site)).hang > before
      }
      await until(leave, { what: 'the application to notice' })
    },
  },
] as const satisfies readonly Line[]

async function left(site: Site): Promise<{ readonly events: number; readonly hang: number }> {
  return (await site.request('/left')).json() as { events: number; hang: number }
}
