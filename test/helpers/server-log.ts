import type { Readable } from 'node:stream'
import { until, type Waiting } from './until.ts'

export type ServerLog = {
  readonly lines: readonly string[]
  /** Waits for a line that matches, claims every such line, and returns the first. */
  readonly expect: (pattern: RegExp, waiting?: Waiting) => Promise<string>
  /** Claims every line that matches, whether it comes or not. */
  readonly claim: (pattern: RegExp) => void
  /** Lines of level error or worse, warnings of Node.js and stack traces that no test has claimed. */
  readonly unclaimed: () => readonly string[]
  /** No more lines will come: whoever still waits is told so. */
  readonly end: () => void
}

const alarming =
  /\[(ERROR|CRITICAL|FATAL)\]|"level":("(error|critical|fatal)"|[56]0\b)|^<[0-3]>|^\(node:\d+\)|^\s+at .+:\d+:\d+\)?$/

/** Collects the lines that a server writes, from any number of streams. */
export function collectLog(streams: readonly (Readable | null)[]): ServerLog {
  const lines: string[] = []
  const claims: RegExp[] = []
  let hasEnded = false
  for (const stream of streams) if (stream !== null) readLines(stream, (line) => lines.push(line))
  return {
    lines,
    claim: (pattern) => void claims.push(pattern),
    expect: async (pattern, waiting) => {
      claims.push(pattern)
      const find = () => lines.find((line) => pattern.test(line)) ?? (hasEnded ? { over: true } : undefined)
      const found = await until(find, { what: `a log line that matches ${pattern}`, ...waiting })
      if (typeof found !== 'string') throw new Error(`the server ended without a log line that matches ${pattern}`)
      return found
    },
    unclaimed: () => lines.filter((line) => alarming.test(line) && !claims.some((claim) => claim.test(line))),
    end: () => {
      hasEnded = true
    },
  }
}

function readLines(stream: Readable, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) take(line)
  })
  stream.on('end', () => {
    if (rest !== '') take(rest)
  })
}
