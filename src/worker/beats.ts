import { heartbeat } from '../contract/messages.ts'
import type { Front } from '../http/front.ts'
import type { Channel } from './channel.ts'
import { describeRequests } from './describe-requests.ts'
import { startStallWatch } from './stall-watch.ts'

/** Tells the master again and again that the event loop turns, and what there is to do. */
export function startBeats(channel: Channel, front: Front, timeout: number): void {
  const watch = startStallWatch(timeout, () => describeRequests(front.inFlight()))
  const { perTimeout, longestPause } = heartbeat
  const pause = timeout === 0 ? longestPause : Math.min(timeout / perTimeout, longestPause)
  const beat = (): void => {
    watch.turn()
    channel.send({ type: 'beat', ...front.stats(), rssBytes: process.memoryUsage.rss() })
  }
  setInterval(beat, pause).unref()
}
