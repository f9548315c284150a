import { type Beat, heartbeat } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { Channel } from './channel.ts'
import { describeRequests } from './describe-requests.ts'
import { lifeSpan, watchCount, whyDue } from './life-span.ts'
import { measureRss } from './measure-rss.ts'
import { exposeInFlight, watchStalls } from './stall-watch.ts'
import type { Running } from './start-up.ts'
import { countTogether, type Place } from './threads/place.ts'
import { watchLoop } from './watch-loop.ts'

type Situation = { readonly config: ServerConfig; readonly place: Place | null }

/**
 * Tells the master again and again that the event loop turns, what there is to do, and once when it is time for a
 * successor. Returns how to tell a last time, at once, how it all came out.
 */
export function startBeats(channel: Channel, running: Running, { config, place }: Situation): () => void {
  const { front, measuring } = running
  const { timeout } = config
  const limits = lifeSpan(config)
  let rssBytes = 0
  let toldDue = false
  exposeInFlight(() => describeRequests(front.inFlight()))
  const watched = watchLoop(config)
  const watch = running.watch ?? watchStalls(config, place)
  const look = (): Beat => {
    rssBytes = measureRss(rssBytes)
    const loop = watched === null ? {} : { loop: watched() }
    return { type: 'beat', ...front.stats(), rssBytes, measurements: measuring?.read() ?? null, ...loop }
  }
  const begun = (): number => {
    const { requests } = front.stats()
    return place === null ? requests : countTogether(place, requests)
  }
  const tellDue = (reason: 'max-requests' | 'max-memory'): void => {
    if (toldDue) return
    toldDue = true
    channel.send({ type: 'recycle', reason, requests: begun(), rssBytes })
  }
  const beat = (): void => {
    watch?.turn()
    const told = look()
    channel.send(told)
    const reason = whyDue(limits, told)
    if (reason !== null) tellDue(reason)
  }
  beat()
  watchCount({ read: begun, limit: limits.requests, reached: () => tellDue('max-requests') })
  setInterval(beat, beatPause(timeout)).unref()
  return () => channel.sendNow(look())
}

/** The pause between two heartbeats, in milliseconds. */
export function beatPause(timeout: number): number {
  const { perTimeout, longestPause } = heartbeat
  return timeout === 0 ? longestPause : Math.min(timeout / perTimeout, longestPause)
}
