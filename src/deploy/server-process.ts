import { Failure } from '../contract/errors.ts'
import { type Child, type ChildOrder, describeEnd, startChild } from './child.ts'
import { readableLine } from './log-line.ts'
import { until } from './until.ts'

/** The master says this once all workers are ready: `ready`, and how many there are. */
const readyLine = /\bready\b.*\b\d+ workers?\b|\b\d+ workers?\b.*\bready\b/

/** Longer than the server itself gives its workers, so that it can say what was wrong with them. */
const patience = 75_000

export type Starting = {
  readonly order: ChildOrder
  /** Called with the process as soon as there is one. */
  readonly onStart: (child: Child) => void
  readonly signal: AbortSignal
}

/** Starts tsicorn and waits until its workers are ready. Throws STACK_FAILED with its last lines when they are not. */
export async function startServer({ order, onStart, signal }: Starting): Promise<Child> {
  const child = await startChild(order)
  onStart(child)
  let ready = false
  const stopListening = child.output.listen((line) => {
    if (readyLine.test(line)) ready = true
  })
  await until(() => (ready || child.end() !== null ? true : null), { within: patience, signal })
  stopListening()
  const end = child.end()
  if (end !== null) throw startFailure(child, describeEnd(end))
  if (!ready) throw startFailure(child, `was not ready after ${patience / 1000} s`)
  return child
}

/** A process that did not come up, with the last it said. */
export function startFailure(child: Child, words: string): Failure {
  return new Failure('STACK_FAILED', [`${child.name} ${words}. Its last lines:`, ...lastLines(child, 12)].join('\n'))
}

/** The last lines of a process, for a report. */
export function lastLines(child: Child, count: number): readonly string[] {
  const lines = child.output.lastLines().slice(-count).map(readableLine)
  return lines.length === 0 ? ['(it said nothing)'] : lines
}
