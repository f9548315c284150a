import type { IncomingMessage, ServerResponse } from 'node:http'
import { durationBounds, type Tally } from '../contract/tally.ts'
import type { Outcome, Testimony, Witness } from './witness.ts'

/** The most durations that are kept one by one between two readings. */
const mostSamples = 500

/** Counts requests as they end. */
export class TallyKeeper implements Witness {
  readonly #statuses: Record<string, number> = {}
  readonly #buckets = new Array<number>(durationBounds.length + 1).fill(0)
  #refused = 0
  #aborted = 0
  #durationMs = 0
  #samples: number[] = []
  #ended = 0

  begin(_request: IncomingMessage, response: ServerResponse): Testimony {
    const begun = performance.now()
    return {
      end: (outcome, told) => {
        // A client that left before there was a head has no status; nginx logs 499 for it, and dashboards know that.
        const own = outcome === 'aborted' && !response.headersSent ? 499 : response.statusCode
        const status = told ?? own
        this.#count(status, outcome, performance.now() - begun)
      },
    }
  }

  /** How long a connection is used after the application took it over says nothing of how fast anybody is served. */
  upgrade(): Testimony {
    this.#add(101)
    return { end: () => {} }
  }

  refuse(status: number): void {
    this.#count(status, 'refused', 0)
  }

  /** What was counted so far; the samples begin anew. */
  read(): Tally {
    const [samples, sampledOf] = [this.#samples, this.#ended]
    this.#samples = []
    this.#ended = 0
    return {
      statuses: { ...this.#statuses },
      ...{ refused: this.#refused, aborted: this.#aborted },
      ...{ buckets: [...this.#buckets], durationMs: this.#durationMs, samples, sampledOf },
    }
  }

  #count(status: number, outcome: Outcome, ms: number): void {
    this.#add(status)
    if (outcome === 'refused') this.#refused += 1
    if (outcome === 'aborted') this.#aborted += 1
    const at = durationBounds.findIndex((bound) => ms <= bound)
    const bucket = at < 0 ? durationBounds.length : at
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
    this.#durationMs += ms
    this.#sample(ms)
  }

  #add(status: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1
  }

  /** Keeps each of many with the same chance (Vitter's algorithm R), so that a burst does not stand for the whole. */
  #sample(ms: number): void {
    this.#ended += 1
    if (this.#samples.length < mostSamples) this.#samples.push(ms)
    else {
      const at = Math.floor(Math.random() * this.#ended)
      if (at < mostSamples) this.#samples[at] = ms
    }
  }
}
