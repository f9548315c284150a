import { afterEach } from 'node:test'

const logs: { readonly title: string; readonly lines: readonly string[] }[] = []

/** Keeps the log of a process until the end of the test, and prints it when the test fails. */
export function keepLog(title: string, lines: readonly string[]): void {
  logs.push({ title, lines })
}

type Finished = {
  readonly name?: string
  readonly passed?: boolean
  readonly error?: { readonly cause?: unknown } | null
}

afterEach((context) => {
  const { name, passed, error } = context as Finished
  const kept = logs.splice(0)
  if (passed !== false) return
  const cause = error?.cause
  if (isSuppressed(cause))
    process.stderr.write(`# ${name}: ${describe(cause.suppressed)}\n# and then: ${describe(cause.error)}\n`)
  for (const { title, lines } of kept) {
    process.stderr.write(`# ${name}: the log of ${title}\n${lines.map((line) => `#   ${line}\n`).join('')}`)
  }
})

/** A disposal that fails after the test has failed hides the first error inside a SuppressedError. */
function isSuppressed(cause: unknown): cause is { error: unknown; suppressed: unknown } {
  return cause instanceof Error && 'suppressed' in cause && 'error' in cause
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
