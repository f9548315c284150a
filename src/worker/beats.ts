import { heartbeat } from '../contract/messages.ts'
import type { ServingUnit } from '../contract/serving.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import type { Channel } from './channel.ts'
import { describeRequests } from './describe-requests.ts'
import { lifeSpan, whyDue } from './life-span.ts'
import { startStallWatch } from './stall-watch.ts'

/** Tells the master again and again that the event loop turns, what there is to do, and once when it is time for a successor. */
export function startBeats(channel: Channel, front: ServingUnit, config: ServerConfig): void {
  const { timeout } = config
  const limits = lifeSpan(config)
  let toldDue = false
  const watch = startStallWatch(timeout, () => describeRequests(front.inFlight()))
  const { perTimeout, longestPause } = heartbeat
  const pause = timeout === 0 ? longestPause : Math.min(timeout / perTimeout, longestPause)
  const beat = (): void => {
    watch.turn()
    const stats = front.stats()
    const rssBytes = process.memoryUsage.rss()
    channel.send({ type: 'beat', ...stats, rssBytes })
    const reason = toldDue ? null : whyDue(limits, { requests: stats.requests, rssBytes })
    if (reason === null) return
    toldDue = true
    channel.send({ type: 'recycle', reason })
  }
  beat()
  setInterval(beat, pause).unref()
}
