import { appendFileSync } from 'node:fs'

/** What became of a seeded fault. */
export type FaultRow = {
  readonly words: string
  readonly seenBy: string
  readonly fix: string
  /** Whether nothing was wrong once the fix had been pasted; null where none was: the fault is in what a test made. */
  readonly clean: boolean | null
}

/** Tells of a fault to whoever prints the matrix; to nobody otherwise. */
export function noteFault(row: FaultRow): void {
  const path = process.env['TSICORN_FAULT_MATRIX']
  if (path !== undefined) appendFileSync(path, `${JSON.stringify(row)}\n`)
}
