import { Duplex } from 'node:stream'

/** Two ends of a connection that exists in memory only: what is written to the one is read from the other. */
export function duplexPair(): readonly [Duplex, Duplex] {
  const ends: Duplex[] = []
  const waiting: (() => void)[] = [() => {}, () => {}]
  const end = (own: number): Duplex => {
    const give = (chunk: unknown, done: () => void): void => {
      waiting[1 - own] = done
      ends[1 - own]?.push(chunk)
      if (chunk === null) done()
    }
    return new Duplex({
      read: () => waiting[own]?.(),
      write: (chunk, _encoding, done) => give(chunk, done),
      final: (done) => give(null, done),
      destroy: (error, done) => {
        ends[1 - own]?.push(null)
        done(error)
      },
    })
  }
  const [near, far] = [end(0), end(1)] as const
  ends.push(near, far)
  return [near, far]
}
