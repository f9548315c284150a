import { STATUS_CODES } from 'node:http'
import { refusals } from '../../src/http/refusals.ts'

const bodies = new Set(Object.values(refusals).map(({ status, reason }) => `${STATUS_CODES[status]}: ${reason}`))
const statusLine = /^HTTP\/1\.1 [1-5]\d\d [A-Za-z' -]+$/
const fieldLine =
  /^(?:Date: [A-Za-z0-9 ,:]+|Connection: (?:close|keep-alive)|Keep-Alive: timeout=\d+|Content-Type: text\/plain|Content-Length: \d+)$/

/** A line of an answer that only the client can have put there, or null. The application says nothing. */
export function foreignLine(received: string): string | null {
  const lines = received.split(/\r?\n/)
  // An answer that ends without an end of line has the next one right behind it.
  const isOurs = (line: string): boolean =>
    line === '' || statusLine.test(line) || fieldLine.test(line) || bodies.has(line)
  return lines.find((line) => !isOurs(line)) ?? null
}

/** The statuses in what was received, each with how often it came. */
export function count(tally: Map<string, number>, received: string): void {
  for (const [, status = ''] of received.matchAll(/HTTP\/1\.1 (\d{3}) /g))
    tally.set(status, (tally.get(status) ?? 0) + 1)
}
