import { type Beat, heartbeat } from '../contract/messages.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { Channel } from './channel.ts'
import { describeRequests } from './describe-requests.ts'
import { lifeSpan, whyDue } from './life-span.ts'
import { startStallWatch } from './stall-watch.ts'
import type { Running } from './start-up.ts'

/**
 * Tells the master again and again that the event loop turns, what there is to do, and once when it is time for a
 * successor. Returns how to tell a last time, at once, how it all came out.
 */
export function startBeats(channel: Channel, { front, measuring }: Running, config: ServerConfig): () => void {
  const { timeout } = config
  const limits = lifeSpan(config)
  let rssBytes = 0
  let toldDue = false
  const watch = startStallWatch(timeout, () => describeRequests(front.inFlight()))
  const { perTimeout, longestPause } = heartbeat
  const pause = timeout === 0 ? longestPause : Math.min(timeout / perTimeout, longestPause)
  const look = (): Beat => {
    rssBytes = measureRss() ?? rssBytes
    return { type: 'beat', ...front.stats(), rssBytes, measurements: measuring?.read() ?? null }
  }
  const beat = (): void => {
    watch.turn()
    const told = look()
    channel.send(told)
    const reason = toldDue ? null : whyDue(limits, told)
    if (reason === null) return
    toldDue = true
    channel.send({ type: 'recycle', reason })
  }
  beat()
  setInterval(beat, pause).unref()
  return () => channel.sendNow(look())
}

/** Null without a descriptor to spare: on Linux the system is asked through a file (proc(5)). */
function measureRss(): number | null {
  try {
    return process.memoryUsage.rss()
  } catch {
    return null
  }
}
