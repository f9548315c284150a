/** The time as of the latest tick, in milliseconds of the monotonic clock; right only while the clock is wound up. */
export type Clock = {
  readonly now: number
  /** To be called before it is read. */
  readonly wind: () => void
}

const tickMs = 100

/**
 * A clock that is read for nothing: on some machines asking the system for the time costs as much as finding a header.
 * It is up to a tenth of a second slow, more while the event loop stands still, and stops once nobody may read it.
 */
export function createClock(mayBeRead: () => boolean): Clock {
  const clock = { now: 0, wind }
  let ticks: NodeJS.Timeout | null = null
  function wind(): void {
    if (ticks !== null) return
    clock.now = performance.now()
    ticks = setInterval(tick, tickMs).unref()
  }
  function tick(): void {
    clock.now = performance.now()
    if (mayBeRead() || ticks === null) return
    clearInterval(ticks)
    ticks = null
  }
  return clock
}
