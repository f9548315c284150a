import type { Tally } from '../contract/tally.ts'

export type StatsdOptions = {
  /** Put before each name, with a dot; empty for none. */
  readonly prefix: string
  /** Tags of DogStatsD, as `name:value,name:value`; empty for none. */
  readonly tags: string
  /** Sends a datagram. What becomes of it is its own affair. */
  readonly send: (packet: Buffer) => void
}

/** What fits an Ethernet frame with IPv6 and UDP around it, so that no packet is ever cut in pieces. */
const longestPacket = 1432

/** Tells a statsd daemon what happens, under the names that Gunicorn uses. */
export class Statsd {
  readonly #options: StatsdOptions
  readonly #told = new Map<number, Readonly<Record<string, number>>>()
  #lines: string[] = []
  #workers: number | null = null

  constructor(options: StatsdOptions) {
    this.#options = options
  }

  /** Takes in what a worker has counted since it began, and notes what is new of it. */
  take(worker: number, { statuses, samples, sampledOf }: Tally): void {
    const before = this.#told.get(worker) ?? {}
    let requests = 0
    for (const [status, count] of Object.entries(statuses)) {
      const more = count - (before[status] ?? 0)
      if (more <= 0) continue
      requests += more
      this.#count(`request.status.${status}`, more)
    }
    this.#told.set(worker, statuses)
    if (requests > 0) this.#count('requests', requests)
    const rate = sampledOf > samples.length ? `|@${(samples.length / sampledOf).toFixed(6)}` : ''
    for (const ms of samples) this.#add('request.duration', `${round(ms)}|ms${rate}`)
  }

  leave(worker: number): void {
    this.#told.delete(worker)
  }

  logged(level: string): void {
    this.#count(`log.${level}`, 1)
  }

  /** Told when it changes only, as Gunicorn does. */
  workers(count: number): void {
    if (count === this.#workers) return
    this.#workers = count
    this.#add('workers', `${count}|g`)
  }

  backlog(length: number): void {
    this.#add('backlog', `${length}|h`)
  }

  /** Sends what has been noted, as many lines in a packet as fit. */
  flush(): void {
    let packet = ''
    for (const line of this.#lines) {
      if (packet !== '' && packet.length + 1 + line.length > longestPacket) {
        this.#options.send(Buffer.from(packet))
        packet = ''
      }
      packet = packet === '' ? line : `${packet}\n${line}`
    }
    if (packet !== '') this.#options.send(Buffer.from(packet))
    this.#lines = []
  }

  #count(name: string, by: number): void {
    this.#add(name, `${by}|c`)
  }

  #add(name: string, value: string): void {
    const { prefix, tags } = this.#options
    const before = prefix === '' ? '' : `${prefix}.`
    this.#lines.push(`${before}gunicorn.${name}:${value}${tags === '' ? '' : `|#${tags}`}`)
  }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
